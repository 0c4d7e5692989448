"""Runs a recipe from Python: what `auditkit run` does, without printing, storing or exiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from auditkit.notebook.shown import ShownReport
    from auditkit.plugins.host import Host
    from auditkit.spec.consent import Leave
    from auditkit.spec.recipe import Recipe


def run(
    recipe: str | Path,
    *,
    data: Any = None,
    changes: Iterable[str] = (),
    when: Collection[str] = (),
    **leave: Unpack[Leave],
) -> ShownReport:
    """Return the report of a recipe file, or of a recipe that `auditkit recipes` knows by name.

    `data` is a table in memory that stands in for the recipe's own. `changes` are `key.path=value` texts, as of --set;
    `when` are the tags whose steps run too. Relative paths in the recipe start at its folder. What a recipe cannot
    allow itself is allowed by keyword: `allow_pickle` models, `allow_code` that it names, files `allow_outside` its
    folder and the working folder, and to `overwrite` files that auditkit did not write. Raises UsageError, RecipeError
    or DataError, each one sentence.

    >>> import auditkit
    >>> auditkit.run("no-such-recipe")
    Traceback (most recent call last):
        ...
    auditkit.errors.UsageError: there is no recipe 'no-such-recipe'...
    """
    from auditkit.notebook.shown import shown
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.named import named_recipe
    from auditkit.running.engine import run as run_plan
    from auditkit.running.plan import make_plan
    from auditkit.spec.consent import Consent

    host = load_plugins()
    found = named_recipe(str(recipe), host.recipes, changes=changes, consent=Consent(**leave))
    parsed, host = (found.recipe, host) if data is None else _reading(data, found.recipe, host)
    plan = make_plan(parsed, found.document, host, folder=found.folder, when=when, consent=found.consent)
    return shown(run_plan(plan))


def _reading(data: Any, recipe: Recipe, host: Host) -> tuple[Recipe, Host]:
    """Return the recipe and the host that read a table in memory in place of the recipe's own."""
    from dataclasses import replace

    from auditkit.notebook.memory import SCHEME, Memory
    from auditkit.notebook.tables import rows_of

    named = replace(recipe, data=replace(recipe.data, path=f"{SCHEME}:{type(data).__name__}"))
    return named, Memory(host.plugins, table=rows_of(data).table)


def run_recipe(
    recipe: str | Path,
    *,
    changes: Iterable[str] = (),
    when: Collection[str] = (),
    **leave: Unpack[Leave],
) -> ShownReport:
    """Return the report of a recipe, as `run` does."""
    return run(recipe, changes=changes, when=when, **leave)
