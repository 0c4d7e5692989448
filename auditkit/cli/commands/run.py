"""`auditkit run`: a whole recipe, and the verdict as the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditkit.cli.console.terminal import tell
from auditkit.cli.execute import carry_out, leave, plan_of
from auditkit.cli.outputs import Output
from auditkit.cli.shared import (
    AllowCode,
    AllowOutside,
    AllowPickle,
    AsJson,
    Changes,
    ExitZero,
    FailOn,
    Files,
    Format,
    Overwrite,
    Quiet,
    Redact,
    Resume,
    Tags,
    Verbose,
    check_fail_on,
)

if TYPE_CHECKING:
    from auditkit.running.plan import Plan


def run(
    recipe: Annotated[str, typer.Argument(help="a recipe file, or a name from auditkit recipes")],
    output: Files = None,
    format_: Format = None,
    as_json: AsJson = False,
    exit_zero: ExitZero = False,
    fail_on: FailOn = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    change: Changes = None,
    when: Tags = None,
    redact: Redact = False,
    resume: Resume = False,
    allow_pickle: AllowPickle = False,
    allow_code: AllowCode = False,
    allow_outside: AllowOutside = False,
    overwrite: Overwrite = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="check recipe, data and plugins; run nothing")
    ] = False,
) -> None:
    """Run a recipe: its steps, its gates, its reports. The exit code is the verdict."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.named import named_recipe
    from auditkit.spec.consent import Consent

    host = load_plugins()
    consent = Consent(
        allow_pickle=allow_pickle, allow_code=allow_code, allow_outside=allow_outside, overwrite=overwrite
    )
    found = named_recipe(recipe, host.recipes, changes=change or (), consent=consent)
    plan = plan_of(found, host, when=tuple(when or ()))
    given = tuple(output or ())
    reports = tuple(path for path in map(Path, plan.recipe.reports) if path not in given)
    target = Output(
        files=(*given, *reports),
        form=format_,
        as_json=as_json,
        exit_zero=exit_zero,
        fail_on_warn=check_fail_on(fail_on),
        quiet=quiet,
        verbose=verbose,
        redact=redact,
        resume=resume,
        overwrite=overwrite,
    )
    if dry_run:
        _foresee(plan, target, found.document.file)
        return
    leave(carry_out(plan, target), target)


def _foresee(plan: Plan, output: Output, file: str) -> None:
    """Say that a plan is good, and which of its gates will decide nothing."""
    from auditkit.cli.outputs import places_of
    from auditkit.running.plan import foreseen, load_subject

    places_of(output, plan)
    subject = load_subject(plan)
    sizes = f"{len(subject):,} rows, {len(plan.steps)} steps, {len(plan.recipe.gates)} gates"
    tell(f"{file}: good; {sizes}")
    for sentence in foreseen(plan, subject):
        tell(sentence)
