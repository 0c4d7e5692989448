"""Runs a recipe from Python: what `auditkit run` does, without printing, storing or exiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from auditkit.values.report import Report


def run_recipe(recipe: str | Path, *, changes: Iterable[str] = (), when: Collection[str] = ()) -> Report:
    """Return the report of a recipe file, or of a recipe that `auditkit recipes` knows by name.

    `changes` are `key.path=value` texts, as of --set; `when` are the tags whose steps run too. Relative paths in
    the recipe start at its folder. Raises UsageError, RecipeError or DataError, each one sentence.
    """
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.files import bundled_recipes
    from auditkit.recipe.read import find_recipe, load_recipe
    from auditkit.running.engine import run
    from auditkit.running.plan import make_plan

    host = load_plugins()
    path = find_recipe(str(recipe), (*bundled_recipes(), *host.recipes))
    parsed, document = load_recipe(path, changes=changes)
    return run(make_plan(parsed, document, host, folder=path.parent, when=when))
