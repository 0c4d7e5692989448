"""Reads a recipe: `extends` merged, variables filled in, `--set` applied, checked against its frozen form."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.paths import kind_of, why_unreadable
from auditkit.data.reach import why_out_of_reach
from auditkit.errors import UsageError, nearest
from auditkit.recipe.changes import changed
from auditkit.recipe.document import Document, Place, read_document
from auditkit.recipe.groups import as_plain, read_groups
from auditkit.recipe.validation import validate
from auditkit.spec.consent import Consent
from auditkit.spec.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_CONSENT = Consent()
_VARIABLE = re.compile(r"\$\{(vars|env)\.([A-Za-z0-9_]+)\}")


@dataclass(frozen=True)
class _Near:
    """The files that a recipe in this folder may name."""

    folder: Path
    consent: Consent

    def need(self, name: str, path: Path, document: Document, place: Place) -> None:
        """Raise RecipeError at a place unless the recipe may name this path."""
        if problem := why_out_of_reach(name, path, folder=self.folder, consent=self.consent):
            raise document.error(place, f"{'.'.join(map(str, place))}: {problem}")


def load_recipe(
    path: Path, *, changes: Iterable[str] = (), consent: Consent = NO_CONSENT
) -> tuple[Recipe, Document]:
    """Return a recipe file's frozen form and its document.

    `changes` are `key.path=value` texts (YAML values) laid over the file; steps and gates are named by id. Other files
    are read within the recipe's reach, or where `consent` lets it. Raises RecipeError with file, line, column and the
    nearest right word.
    """
    near = _Near(path.parent, consent)
    document = _extended(path, (), near)
    for change in changes:
        document = changed(document, change)
    document = _filled(document)
    document = _group_files_read(document, near)
    document = _group_rules_moved(document)
    recipe = validate(Recipe, document)
    _refuse_twins(document, "steps")
    _refuse_twins(document, "gates")
    _gates_name_steps(recipe, document)
    return recipe, document


def find_recipe(name: str, known: Iterable[Path]) -> Path:
    """Return the file of that path, or the known recipe of that name, or raise with the nearest one."""
    path = Path(name)
    if kind_of(path) != "nothing" or path.is_symlink():
        if problem := why_unreadable(path):
            message = f"{name} {problem}"
            raise UsageError(message)
        return path
    by_name = {item.stem: item for item in known}
    if name in by_name:
        return by_name[name]
    message = f"there is no recipe '{name}'{nearest(Path(name).stem, by_name)}"
    raise UsageError(message)


def _extended(path: Path, seen: tuple[Path, ...], near: _Near) -> Document:
    """Return the document laid over the one that it extends, if any."""
    document = read_document(path)
    if not isinstance(document.value, dict):
        raise document.error((), "a recipe is a mapping of keys such as data, steps and gates")
    if "extends" not in document.value:
        return document
    base_name = document.value["extends"]
    base_path = path.parent / str(base_name)
    near.need(str(base_name), base_path, document, ("extends",))
    if not isinstance(base_name, str) or kind_of(base_path) == "nothing":
        raise document.error(("extends",), f"extends: there is no file '{base_name}' beside {path.name}")
    if problem := why_unreadable(base_path):
        raise document.error(("extends",), f"extends: '{base_name}' {problem}")
    if base_path.resolve() in (*seen, path.resolve()):
        raise document.error(("extends",), f"extends: '{base_name}' extends this file in turn")
    base = _extended(base_path, (*seen, path.resolve()), near)
    own = {key: value for key, value in document.value.items() if key != "extends"}
    return replace(document, value=_merged(base.value, own), read=(*document.read, *base.read))


def _merged(base: Any, over: Any) -> Any:
    """Return `over` laid over `base`: mappings by key, lists of things with an id by id, others replaced."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **over} | {key: _merged(base[key], over[key]) for key in base if key in over}
    if _has_ids(base) and _has_ids(over):
        changed = {item["id"]: item for item in over}
        kept = [_merged(item, changed.pop(item["id"], {})) for item in base]
        return [*kept, *changed.values()]
    return over


def _has_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) and "id" in item for item in value)


def _filled(document: Document) -> Document:
    """Return the document with ${vars.x} and ${env.X} replaced; a text that is one variable keeps its type."""
    variables = document.value.get("vars", {})
    if not isinstance(variables, dict):
        raise document.error(("vars",), "vars: expected names and values")

    def lookup(kind: str, name: str, place: Place) -> Any:
        known: Mapping[str, Any] = variables if kind == "vars" else os.environ
        if name not in known:
            hint = nearest(name, variables) if kind == "vars" else "; set it before the run"
            raise document.error(place, f"${{{kind}.{name}}} is not defined{hint}")
        return known[name]

    def fill(value: Any, place: Place) -> Any:
        match value:
            case dict():
                return {key: fill(item, (*place, key)) for key, item in value.items()}
            case list():
                return [fill(item, (*place, i)) for i, item in enumerate(value)]
            case str() if whole := _VARIABLE.fullmatch(value):
                return lookup(whole[1], whole[2], place)
            case str():
                return _VARIABLE.sub(lambda found: str(lookup(found[1], found[2], place)), value)
            case _:
                return value

    rest = {key: fill(value, (key,)) for key, value in document.value.items() if key != "vars"}
    return replace(document, value=rest)


def _group_files_read(document: Document, near: _Near) -> Document:
    """Return the document with the groups of files in place of their names: `groups: FILE`, or `mined: FILE` within."""
    groups = document.value.get("groups")
    if isinstance(groups, str):
        value, read = _groups_of(groups, near, document, ()), str(near.folder / groups)
        return replace(document, value={**document.value, "groups": value}, read=(*document.read, read))
    if not isinstance(groups, dict) or not any(isinstance(value, str) for value in groups.values()):
        return document
    whole: dict[str, Any] = {}
    for name, value in groups.items():
        more = _groups_of(value, near, document, (name,)) if isinstance(value, str) else {name: value}
        if twice := sorted(set(whole) & set(more)):
            raise document.error(("groups", name), f"groups.{name}: '{twice[0]}' is named twice")
        whole |= more
    files = tuple(str(near.folder / value) for value in groups.values() if isinstance(value, str))
    return replace(document, value={**document.value, "groups": whole}, read=(*document.read, *files))


def _groups_of(name: str, near: _Near, document: Document, place: Place) -> dict[str, Any]:
    """Return the groups of a file beside the recipe as plain data."""
    path = near.folder / name
    near.need(name, path, document, ("groups", *place))
    if kind_of(path) == "nothing":
        where = ".".join(("groups", *map(str, place)))
        raise document.error(("groups", *place), f"{where}: there is no file '{name}' beside the recipe")
    return dict(as_plain(read_groups(path)))


def _group_rules_moved(document: Document) -> Document:
    """Return the document with groups.max_order and groups.min_n where the statistics keep them."""
    groups, stats = document.value.get("groups"), document.value.get("stats") or {}
    if not isinstance(groups, dict) or not isinstance(stats, dict):
        return document
    rules = {key: groups[key] for key in ("max_order", "min_n") if isinstance(groups.get(key), int)}
    for key, value in rules.items():
        if key in stats and stats[key] != value:
            message = (
                f"groups.{key} is {value} and stats.{key} is {stats[key]}: they are one rule; write it once"
            )
            raise document.error(("groups", key), message)
    kept = {key: value for key, value in groups.items() if key not in rules}
    positions = dict(document.positions)
    positions.update(
        {("stats", key): positions["groups", key] for key in rules if ("groups", key) in positions}
    )
    value = {**document.value, "groups": kept, "stats": {**stats, **rules}}
    return replace(document, value=value, positions=positions)


def _refuse_twins(document: Document, key: str) -> None:
    ids = [item["id"] for item in document.value.get(key, [])]
    for i, name in enumerate(ids):
        if name in ids[:i]:
            raise document.error((key, i), f"{key}.{i}: id '{name}' appears twice")


def _gates_name_steps(recipe: Recipe, document: Document) -> None:
    ids = [step.id for step in recipe.steps]
    for i, gate in enumerate(recipe.gates):
        if gate.on not in ids:
            message = f"gate '{gate.id}' is on '{gate.on}', which is no step{nearest(gate.on, ids)}"
            raise document.error(("gates", i, "on"), message)
