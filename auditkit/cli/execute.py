"""Carries a plan to its end: run it, keep it, show it, write its files, and say the exit code."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import typer

from auditkit.cli.progress import Progress
from auditkit.cli.reports import renderer_of
from auditkit.cli.terminal import print_whole, say, terminal_width, wants_colour
from auditkit.errors import AuditkitError, UsageError
from auditkit.values.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditkit.plugins.host import Host
    from auditkit.recipe.document import Document
    from auditkit.running.plan import Plan
    from auditkit.spec.recipe import Recipe
    from auditkit.values.report import Report


@dataclass(frozen=True, kw_only=True)
class Output:
    """Where results go: standard output as text or JSON, and files by extension."""

    files: tuple[Path, ...] = ()
    as_json: bool = False
    exit_zero: bool = False
    fail_on_warn: bool = False
    quiet: bool = False
    keep: bool = True
    resume: bool = False
    redact: bool = False


def execute(
    recipe: Recipe,
    document: Document,
    host: Host,
    *,
    folder: Path,
    output: Output,
    when: tuple[str, ...] = (),
) -> Report:
    """Plan a recipe and carry the plan out."""
    return carry_out(plan_of(recipe, document, host, folder=folder, when=when), output)


def plan_of(
    recipe: Recipe, document: Document, host: Host, *, folder: Path, when: tuple[str, ...] = ()
) -> Plan:
    """Return the plan of a recipe; plugins that were set aside are named first, for it may fail for want of one."""
    from auditkit.running.plan import make_plan

    warn_of_broken(host)
    return make_plan(recipe, document, host, folder=folder, when=when)


def carry_out(plan: Plan, output: Output) -> Report:
    """Run a plan, keep and show its report, write its files, and return the report.

    Formats and folders are checked before anything runs.
    """
    from auditkit.cli.tables import sort_outputs, write_tables
    from auditkit.running.engine import run
    from auditkit.running.unfinished import unfinished_work
    from auditkit.store.files import check_writable

    reports, tables = sort_outputs(output.files, plan)
    for path in (*reports, *tables):
        check_writable(path)
    with unfinished_work(plan, resume=output.resume) as work, _hint_at_resume(work):
        report = run(plan, observer=Progress(), work=work)
    if output.keep:
        _keep(report)
    write_tables(tables, report.results)
    for path in tables:
        say(f"wrote {path}")
    show(report, replace(output, files=reports), plan.host)
    return report


@contextmanager
def _hint_at_resume(work: Path | None) -> Iterator[None]:
    """Say on an interrupt, if a step kept finished work, how to go on from it."""
    try:
        yield
    except KeyboardInterrupt:
        if work is not None and work.exists():
            say("auditkit: finished work is kept; the same command with --resume goes on from it")
        raise


def show(report: Report, output: Output, host: Host) -> None:
    """Write the report's files, then print it: JSON or text on standard output, paths on standard error.

    Both are redacted if asked for; the stored run is not, so that it can be rendered either way.
    """
    from auditkit.store.files import write_whole
    from auditkit.store.redact import redacted

    report = redacted(report) if output.redact else report
    for path in output.files:
        text = renderer_of(path, host).render(report)
        try:
            write_whole(path, text)
        except OSError as error:
            message = f"cannot write {path}: {(error.strerror or str(error)).lower()}"
            raise UsageError(message) from error
        say(f"wrote {path}")
    if output.as_json:
        from auditkit.render.machine import json_document

        print_whole(json_document.render(report))
        return
    if output.quiet:
        from auditkit.render import words

        print_whole(f"{words.SIGNS[report.verdict]} {words.verdict(report)}\n")
        return
    from auditkit.render.text import terminal

    print_whole(terminal.render(report, width=terminal_width(), colour=wants_colour()))


def leave(report: Report, output: Output) -> None:
    """End the process with the report's exit code; --fail-on warn fails on warnings, --exit-zero hides 1 and 5."""
    code = report.exit_code
    if output.fail_on_warn and code == ExitCode.OK and report.verdict in {"warn", "not_shown"}:
        code = ExitCode.GATE_FAILED
    hidden = output.exit_zero and code in {ExitCode.GATE_FAILED, ExitCode.UNDECIDED}
    raise typer.Exit(0 if hidden else int(code))


def warn_of_broken(host: Host) -> None:
    """Name on standard error each plugin that was set aside."""
    for plugin in host.set_aside:
        label = " ".join(filter(None, (plugin.distribution or plugin.name, plugin.version)))
        say(f"auditkit: plugin '{plugin.name}' ({label}) was set aside: {plugin.problem}")


def _keep(report: Report) -> None:
    """Store the run; where that cannot be done, say so and go on: the result itself is not in doubt."""
    from auditkit.store.runs import runs_folder, save

    try:
        save(report, runs_folder())
    except (OSError, AuditkitError) as error:
        say(f"auditkit: this run was not kept: {error}")
