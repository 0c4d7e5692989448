"""Runs a recipe from Python: what `auditkit run` does, without printing, storing or exiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from auditkit.values.report import Report


def run_recipe(
    recipe: str | Path,
    *,
    changes: Iterable[str] = (),
    when: Collection[str] = (),
    allow_pickle: bool = False,
    allow_code: bool = False,
    allow_outside: bool = False,
    overwrite: bool = False,
) -> Report:
    """Return the report of a recipe file, or of a recipe that `auditkit recipes` knows by name.

    `changes` are `key.path=value` texts, as of --set; `when` are the tags whose steps run too. Relative paths in
    the recipe start at its folder. What a recipe cannot allow itself is allowed here: to unpickle a model, to import
    the code that it names, to name files outside its folder and the working folder, and to replace files that auditkit
    did not write. Raises UsageError, RecipeError or DataError, each one sentence.
    """
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.named import named_recipe
    from auditkit.running.engine import run
    from auditkit.running.plan import make_plan
    from auditkit.spec.consent import Consent

    host = load_plugins()
    consent = Consent(
        allow_pickle=allow_pickle, allow_code=allow_code, allow_outside=allow_outside, overwrite=overwrite
    )
    found = named_recipe(str(recipe), host.recipes, changes=changes, consent=consent)
    return run(
        make_plan(found.recipe, found.document, host, folder=found.folder, when=when, consent=found.consent)
    )
