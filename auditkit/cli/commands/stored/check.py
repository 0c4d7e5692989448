"""`auditkit check`: gates again on the findings of a run that was kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditkit.cli.console.terminal import say
from auditkit.cli.execute import leave, show
from auditkit.cli.outputs import Output, check_format
from auditkit.cli.reports import STDOUT, renderer_of
from auditkit.cli.shared import (
    AllowOutside,
    AsJson,
    ExitZero,
    FailOn,
    Files,
    Format,
    Overwrite,
    Quiet,
    Redact,
    Verbose,
    check_fail_on,
)
from auditkit.cli.unfinished import Reports

if TYPE_CHECKING:
    from auditkit.plugins.host import Host
    from auditkit.spec.waiver import Waiver
    from auditkit.values.report import Report

Recipe = Annotated[
    str | None,
    typer.Option(
        "--recipe", help="the gates and waivers of this recipe instead of the run's", metavar="RECIPE"
    ),
]
WaiverFile = Annotated[
    Path | None, typer.Option("--waivers", help="what was accepted [default: waivers.yaml beside the recipe]")
]


def check(
    name: Annotated[str, typer.Argument(help="a run's id, last, or a JSON report", metavar="RUN")] = "last",
    recipe: Recipe = None,
    waivers: WaiverFile = None,
    output: Files = None,
    format_: Format = None,
    as_json: AsJson = False,
    exit_zero: ExitZero = False,
    fail_on: FailOn = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    redact: Redact = False,
    allow_outside: AllowOutside = False,
    overwrite: Overwrite = False,
) -> None:
    """Decide gates again on stored findings, with what is accepted today. The exit code is the verdict."""
    from auditkit.plugins.host import load_plugins
    from auditkit.store.outputs import check_outputs
    from auditkit.store.runs import runs_folder

    target = Output(
        files=tuple(output or ()),
        form=format_,
        as_json=as_json,
        exit_zero=exit_zero,
        fail_on_warn=fail_on == "warn",
        quiet=quiet,
        verbose=verbose,
        redact=redact,
        overwrite=overwrite,
    )
    host = load_plugins()
    with Reports(target, host, name=name).told() as reports:
        check_fail_on(fail_on)
        reports.also((), read=(Path(name), *([Path(recipe)] if recipe else [])))
        for path in target.files:
            renderer_of(path, host, format_)
        check_format(target)
        files = tuple(path for path in target.files if path != STDOUT)
        check_outputs(files, inputs=(Path(name), runs_folder()), overwrite=overwrite)
        reports.begin(target.files)
        decided = _decided(untouched(name), host, recipe, waivers, outside=allow_outside)
        show(decided, target, host)
    leave(decided, target)


def untouched(name: str) -> Report:
    """Return a run whose findings and gates are as they were written; say so of one that cannot be known to be."""
    from auditkit.running.reach.intact import UNKNOWN, intact_run
    from auditkit.store.runs import runs_folder

    report = intact_run(name, runs_folder())
    if UNKNOWN in report.notes:
        say(f"auditkit: {name}: {UNKNOWN}")
    return report


def _decided(
    report: Report, host: Host, recipe: str | None, waivers: Path | None, *, outside: bool
) -> Report:
    from auditkit.recipe.named import named_recipe
    from auditkit.recipe.waivers import read_waivers, waivers_beside
    from auditkit.running.kept.again import decided_again
    from auditkit.running.reach.intact import recipe_of
    from auditkit.spec.consent import Consent

    today = datetime.now(UTC).date()
    if recipe is None:
        accepted = read_waivers(waivers) if waivers else _beside(report)
        return decided_again(report, recipe_of(report), accepted, today=today, own=True)
    found = named_recipe(recipe, host.recipes, consent=Consent(allow_outside=outside))
    accepted = read_waivers(waivers or waivers_beside(found.folder))
    return decided_again(report, found.recipe, accepted, today=today, own=False)


def _beside(report: Report) -> tuple[Waiver, ...]:
    """Return what is accepted beside the recipe of a run, which is where the run found its gates."""
    from auditkit.recipe.waivers import read_waivers, waivers_beside

    path = home_of(report)
    return () if path is None else read_waivers(waivers_beside(path))


def home_of(report: Report) -> Path | None:
    """Return the folder of a run's recipe, seen from here; None where it was run by options, or is not there."""
    gates = report.provenance.get("gates")
    files = (
        [one.get("file") for one in gates.values() if isinstance(one, dict)]
        if isinstance(gates, dict)
        else []
    )
    there = (Path(file) for file in files if isinstance(file, str))
    return next((path.parent for path in there if path.is_file()), None)
