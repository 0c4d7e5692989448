"""The recipe that a word of the command line means: a file, or a name that `auditkit recipes` knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from auditkit.plugins.host import Host
    from auditkit.recipe.document import Document
    from auditkit.spec.recipe import Recipe


def named_recipe(name: str, host: Host, *, changes: Iterable[str] = ()) -> tuple[Recipe, Document, Path]:
    """Return the recipe, its document, and the folder where its relative paths start."""
    from auditkit.recipe.files import bundled_recipes
    from auditkit.recipe.read import find_recipe, load_recipe

    path = find_recipe(name, (*bundled_recipes(), *host.recipes))
    recipe, document = load_recipe(path, changes=changes)
    return recipe, document, path.parent
