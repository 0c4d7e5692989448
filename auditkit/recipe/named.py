"""The recipe that a word means: a file, or a name that `auditkit recipes` knows, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditkit.recipe.changes import said_in
from auditkit.recipe.files import bundled_recipes
from auditkit.recipe.read import NO_CONSENT, find_recipe, load_recipe
from auditkit.spec.consent import Consent, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from auditkit.recipe.document import Document
    from auditkit.spec.recipe import Recipe


@dataclass(frozen=True)
class Named:
    """A recipe, its document and file, and what was agreed to for it; its relative paths start at its folder."""

    recipe: Recipe
    document: Document
    file: Path
    consent: Consent

    @property
    def folder(self) -> Path:
        """The folder where its relative paths start."""
        return self.file.parent


def named_recipe(
    name: str, installed: Iterable[Path], *, changes: Iterable[str] = (), consent: Consent = NO_CONSENT
) -> Named:
    """Return the recipe of a name or a path.

    What `changes` say is agreed to. So is all that an installed recipe says: who installed it runs its package's code
    already. `installed` are those of plugins.
    """
    changes, known = tuple(changes), (*bundled_recipes(), *installed)
    path = find_recipe(name, known)
    consent = replace(consent, said=consent.said | said_in(changes))
    if path.absolute() not in {
        one.absolute() for one in known
    }:  # a link to one has relative paths of its own
        recipe, document = load_recipe(path, changes=changes, consent=consent)
        return Named(recipe, document, path, consent)
    recipe, document = load_recipe(path, changes=changes, consent=replace(consent, allow_outside=True))
    return Named(recipe, document, path, replace(consent, said=consent.said | set(texts_in(document.value))))
