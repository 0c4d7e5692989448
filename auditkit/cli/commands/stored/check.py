"""`auditkit check`: gates again on the findings of a run that was kept."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditkit.cli.console.terminal import say
from auditkit.cli.execute import leave, show
from auditkit.cli.listing import installed
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
from auditkit.data.paths import is_file
from auditkit.errors import UsageError
from auditkit.recipe.named import named_in
from auditkit.spec.consent import texts_in

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
    host = installed()
    with Reports(target, host, name=name).told() as reports:
        reports.also((), read=named_in(texts_in((name, recipe, str(waivers or "")))))
        check_fail_on(fail_on)
        for path in target.files:
            renderer_of(path, host, format_)
        check_format(target, host)
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
        accepted = read_waivers(waivers) if waivers else _beside(report, outside=outside)
        return decided_again(report, recipe_of(report), accepted, today=today, own=True)
    found = named_recipe(recipe, host.recipes, consent=Consent(allow_outside=outside))
    accepted = read_waivers(waivers or waivers_beside(found.folder))
    return decided_again(report, found.recipe, accepted, today=today, own=False)


def _beside(report: Report, *, outside: bool) -> tuple[Waiver, ...]:
    """Return what is accepted beside the recipe of a run, which is where the run found its gates."""
    from auditkit.recipe.waivers import read_waivers, waivers_beside

    path = _home_of(report)
    if path is None or not os.path.lexists(waivers_beside(path)):
        return ()
    return read_waivers(waivers_beside(_within_reach(path, "--allow-outside", outside=outside)))


def home_of(report: Report, *, instead: str, outside: bool = False) -> Path:
    """Return the folder of a run's recipe, seen from here; the working folder where it was run by options.

    A report may be a stranger's, and name any folder: one outside the working folder takes --allow-outside, or what is
    to be said `instead`.
    """
    path = _home_of(report)
    return Path() if path is None else _within_reach(path, instead, outside=outside)


def _within_reach(folder: Path, instead: str, *, outside: bool) -> Path:
    if not outside and not folder.resolve().is_relative_to(Path.cwd().resolve()):
        message = f"the report says that its recipe lies in {folder}, outside the working folder: {instead}"
        raise UsageError(message)
    return folder


def _home_of(report: Report) -> Path | None:
    """Return the folder in which a report says that its recipe lies; None where there is no such recipe."""
    gates = report.provenance.get("gates")
    files = (
        [one.get("file") for one in gates.values() if isinstance(one, dict)]
        if isinstance(gates, dict)
        else []
    )
    there = (Path(file) for file in files if isinstance(file, str))
    return next((path.parent for path in there if is_file(path)), None)
