"""Runs a recipe from Python: what `auditkit run` does, without printing, storing or exiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from auditkit.notebook.shown import ShownReport


def run(
    recipe: str | Path, *, data: Any = None, changes: Iterable[str] = (), when: Collection[str] = ()
) -> ShownReport:
    """Return the report of a recipe file, or of a recipe that `auditkit recipes` knows by name.

    `data` is a table in memory that stands in for the recipe's own. `changes` are `key.path=value` texts, as of --set;
    `when` are the tags whose steps run too. Relative paths in the recipe start at its folder. Raises UsageError,
    RecipeError or DataError, each one sentence.

    >>> import auditkit
    >>> auditkit.run("no-such-recipe")
    Traceback (most recent call last):
        ...
    auditkit.errors.UsageError: there is no recipe 'no-such-recipe'...
    """
    from dataclasses import replace

    from auditkit.notebook.memory import SCHEME, Memory
    from auditkit.notebook.shown import shown
    from auditkit.notebook.tables import rows_of
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.files import bundled_recipes
    from auditkit.recipe.read import find_recipe, load_recipe
    from auditkit.running.engine import run as run_plan
    from auditkit.running.plan import make_plan

    host = load_plugins()
    path = find_recipe(str(recipe), (*bundled_recipes(), *host.recipes))
    parsed, document = load_recipe(path, changes=changes)
    if data is not None:
        host = Memory(host.plugins, table=rows_of(data).table)
        parsed = replace(parsed, data=replace(parsed.data, path=f"{SCHEME}:{type(data).__name__}"))
    return shown(run_plan(make_plan(parsed, document, host, folder=path.parent, when=when)))


def run_recipe(recipe: str | Path, *, changes: Iterable[str] = (), when: Collection[str] = ()) -> ShownReport:
    """Return the report of a recipe, as `run` does."""
    return run(recipe, changes=changes, when=when)
