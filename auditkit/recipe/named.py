"""The recipe that a word means: a file, or a name that `auditkit recipes` knows, and what it may do."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.bundled.recipes import bundled_recipes
from auditkit.data.paths import kind_of
from auditkit.errors import AuditkitError, UsageError
from auditkit.recipe.changes import said_in
from auditkit.recipe.document import read_document
from auditkit.recipe.read import NO_CONSENT, find_recipe, load_recipe
from auditkit.spec.consent import Consent, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditkit.recipe.document import Document
    from auditkit.spec.recipe import Recipe

MOST_ABOVE = 20
"""Recipes one above the other that are looked through; a circle has no end."""
OTHERS = frozenset({"waivers", "groups"})
"""What files beside recipes hold that are none."""


@dataclass(frozen=True)
class Named:
    """A recipe, its document and file, and what was agreed to for it.

    Relative paths of its data start at `folder`, those of its reports at `reports_in`: both at the recipe's own folder,
    but for a recipe that comes with auditkit at the working folder, and for the reports of a plugin's too.
    """

    recipe: Recipe
    document: Document
    file: Path
    consent: Consent
    folder: Path
    reports_in: Path

    @property
    def reports(self) -> tuple[Path, ...]:
        """The files that it asks to be written; a table stays named by its step, as STEP=FILE."""
        return tuple(report_path(name, self.recipe, self.reports_in) for name in self.recipe.reports)


@dataclass(frozen=True)
class Place:
    """What is known of a recipe before it is checked: its reports, and the files that it reads or may read."""

    reports: tuple[Path, ...]
    read: tuple[Path, ...]


def named_recipe(
    name: str, installed: Iterable[Path], *, changes: Iterable[str] = (), consent: Consent = NO_CONSENT
) -> Named:
    """Return the recipe of a name or a path.

    What `changes` say is agreed to. So is all that an installed recipe says: who installed it runs its package's code
    already. `installed` are those of plugins.
    """
    changes, installed = tuple(changes), tuple(installed)
    path = find_recipe(name, (*installed, *bundled_recipes()))  # the last of a name is taken
    consent = replace(consent, said=consent.said | said_in(changes))
    if not _is_installed(path, (*installed, *bundled_recipes())):
        recipe, document = load_recipe(path, changes=changes, consent=consent)
        return Named(recipe, document, path, consent, path.parent, path.parent)
    recipe, document = load_recipe(path, changes=changes, consent=replace(consent, allow_outside=True))
    agreed = replace(consent, said=consent.said | set(texts_in(document.value)))
    return Named(recipe, document, path, agreed, *_homes(path, installed))


def place_of(name: str, installed: Iterable[Path]) -> Place:
    """Return what a recipe says of its reports, right or wrong. Raises AuditkitError where there is no YAML to read."""
    installed = tuple(installed)
    path = find_recipe(name, (*installed, *bundled_recipes()))
    value = read_document(path).value
    known = _is_installed(path, (*installed, *bundled_recipes()))
    data, reports_in = _homes(path, installed) if known else (path.parent, path.parent)
    if not isinstance(value, dict):
        return Place((), (path,))
    named = value.get("reports")
    told = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    return Place(tuple(reports_in / one for one in told), (path, *_read_by(value, data)))


def named_in(words: Iterable[str], installed: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Return the files that words may name, and those that the recipes among them may read."""
    found: list[Path] = []
    for word in words:
        found += _paths((word,), Path())
        with suppress(AuditkitError):
            found += place_of(word, installed).read
    return tuple(found)


def _read_by(value: Mapping[str, Any], folder: Path, above: int = 0) -> Iterator[Path]:
    """Yield every file that a recipe may name, and what the recipes name that it extends; reports aside."""
    rest = {key: item for key, item in value.items() if key != "reports"}
    yield from _paths(texts_in(rest), folder)
    for base in _paths(texts_in(value.get("extends")), folder):
        with suppress(AuditkitError):
            below = read_document(base).value
            if isinstance(below, dict) and above < MOST_ABOVE:
                yield from _read_by(below, base.parent, above + 1)


def _paths(texts: Iterable[str], folder: Path) -> list[Path]:
    return [folder / text for text in texts if len(text) < 1000 and "\0" not in text]


def matching(word: str) -> tuple[str, ...]:
    """Return the recipes that a word means: itself, or the files of a pattern, waivers and groups left out."""
    if not has_magic(word) or kind_of(Path(word)) != "nothing":
        return (word,)
    found = sorted(glob(word, recursive=True))  # noqa: PTH207  Path.glob takes no absolute pattern
    recipes = tuple(one for one in found if kind_of(Path(one)) == "file" and not _is_other(Path(one)))
    if not recipes:
        message = f"no recipe matches '{word}'"
        raise UsageError(message)
    return recipes


def report_path(name: str, recipe: Recipe, folder: Path) -> Path:
    """Return the path of a report as a recipe names it."""
    step, equals, file = name.partition("=")
    if equals and any(one.id == step for one in recipe.steps):
        return Path(f"{step}={folder / file}")
    return folder / name


def _is_other(path: Path) -> bool:
    """Whether a file holds waivers or groups and is no recipe; one that cannot be read is for the run to refuse."""
    try:
        value: Any = read_document(path).value
    except UsageError:
        return False
    return isinstance(value, dict) and bool(OTHERS & set(value)) and not {"steps", "extends"} & set(value)


def _is_installed(path: Path, known: Iterable[Path]) -> bool:
    """Whether this is the file of an installed recipe; a link to one has relative paths of its own."""
    return path.absolute() in {one.absolute() for one in known}


def _homes(path: Path, installed: Iterable[Path]) -> tuple[Path, Path]:
    """Return where the data and the reports of an installed recipe start: a plugin may bring data beside its own."""
    return (path.parent if _is_installed(path, installed) else Path()), Path()
