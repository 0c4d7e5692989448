"""`auditkit run`: a whole recipe, and the verdict as the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditkit.cli.execute import Output, execute, leave
from auditkit.cli.named import named_recipe
from auditkit.cli.shared import (
    AsJson,
    Changes,
    ExitZero,
    FailOn,
    Files,
    Quiet,
    Redact,
    Resume,
    Tags,
    check_fail_on,
)
from auditkit.cli.terminal import tell

if TYPE_CHECKING:
    from auditkit.running.plan import Plan


def run(
    recipe: Annotated[str, typer.Argument(help="a recipe file, or a name from auditkit recipes")],
    output: Files = None,
    as_json: AsJson = False,
    exit_zero: ExitZero = False,
    fail_on: FailOn = None,
    quiet: Quiet = False,
    change: Changes = None,
    when: Tags = None,
    redact: Redact = False,
    resume: Resume = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="check recipe, data and plugins; run nothing")
    ] = False,
) -> None:
    """Run a recipe: its steps, its gates, its reports. The exit code is the verdict."""
    from auditkit.plugins.host import load_plugins

    host, tags = load_plugins(), tuple(when or ())
    chosen, document, folder = named_recipe(recipe, host, changes=change or ())
    if dry_run:
        from auditkit.running.plan import make_plan

        _foresee(make_plan(chosen, document, host, folder=folder, when=tags), document.file)
        return
    files = (*(output or ()), *(Path(name) for name in chosen.reports))
    target = Output(
        files=tuple(dict.fromkeys(files)),
        as_json=as_json,
        exit_zero=exit_zero,
        fail_on_warn=check_fail_on(fail_on),
        quiet=quiet,
        redact=redact,
        resume=resume,
    )
    leave(execute(chosen, document, host, folder=folder, output=target, when=tags), target)


def _foresee(plan: Plan, file: str) -> None:
    """Say that a plan is good, and which of its gates will decide nothing."""
    from auditkit.running.plan import foreseen, load_subject

    subject = load_subject(plan)
    sizes = f"{len(subject):,} rows, {len(plan.steps)} steps, {len(plan.recipe.gates)} gates"
    tell(f"{file}: good; {sizes}")
    for sentence in foreseen(plan, subject):
        tell(sentence)
