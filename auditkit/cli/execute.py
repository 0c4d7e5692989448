"""Carries a plan to its end: run it, keep it, show it, write its files, and say the exit code."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import typer

from auditkit.cli.reports import renderer_of
from auditkit.errors import AuditkitError, UsageError
from auditkit.running.ledger import Observer
from auditkit.values.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from auditkit.plugins.host import Host
    from auditkit.recipe.document import Document
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


class Progress(Observer):
    """Says on standard error what is being done, when a person is watching."""

    def step(self, name: str) -> None:
        """Name the step that begins."""
        if sys.stderr.isatty():
            typer.echo(f"running {name} ...", err=True)

    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:
        """Draw a bar on standard error while the items pass."""
        if not sys.stderr.isatty():
            return items
        from rich.console import Console
        from rich.progress import track

        return track(items, description=description, console=Console(stderr=True), transient=True)


def execute(
    recipe: Recipe,
    document: Document,
    host: Host,
    *,
    folder: Path,
    output: Output,
    when: tuple[str, ...] = (),
) -> Report:
    """Run a recipe, keep and show its report, write its files, and return the report.

    Formats and folders are checked before anything runs.
    """
    from auditkit.cli.tables import sort_outputs, write_tables
    from auditkit.running.engine import run
    from auditkit.running.plan import make_plan
    from auditkit.running.unfinished import unfinished_work
    from auditkit.store.files import check_writable

    warn_of_broken(host)
    plan = make_plan(recipe, document, host, folder=folder, when=when)
    reports, tables = sort_outputs(output.files, plan)
    for path in (*reports, *tables):
        check_writable(path)
    with unfinished_work(plan, resume=output.resume) as work, _hint_at_resume(work):
        report = run(plan, observer=Progress(), work=work)
    if output.keep:
        _keep(report)
    write_tables(tables, report.results)
    for path in tables:
        typer.echo(f"wrote {path}", err=True)
    show(report, replace(output, files=reports), host)
    return report


@contextmanager
def _hint_at_resume(work: Path | None) -> Iterator[None]:
    """Say on an interrupt, if a step kept finished work, how to go on from it."""
    try:
        yield
    except KeyboardInterrupt:
        if work is not None and work.exists():
            typer.echo(
                "auditkit: finished work is kept; the same command with --resume goes on from it", err=True
            )
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
        typer.echo(f"wrote {path}", err=True)
    if output.as_json:
        from auditkit.render.machine import json_document

        _print(json_document.render(report))
        return
    if output.quiet:
        from auditkit.render import words

        _print(f"{words.SIGNS[report.verdict]} {words.verdict(report)}\n")
        return
    from auditkit.render.text import terminal

    _print(terminal.render(report, width=terminal_width(), colour=wants_colour()))


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
        typer.echo(f"auditkit: plugin '{plugin.name}' ({label}) was set aside: {plugin.problem}", err=True)


def terminal_width() -> int:
    """Return $COLUMNS, or the terminal's width, or 100 in a pipe."""
    import shutil

    return max(shutil.get_terminal_size((100, 24)).columns, 40)


def wants_colour() -> bool:
    """Return whether standard output takes colour: a terminal, and NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _print(text: str) -> None:
    """Print, and let the verdict stand when the reader of a pipe left early."""
    try:
        typer.echo(text, nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _keep(report: Report) -> None:
    """Store the run; where that cannot be done, say so and go on: the result itself is not in doubt."""
    from auditkit.store.runs import runs_folder, save

    try:
        save(report, runs_folder())
    except (OSError, AuditkitError) as error:
        typer.echo(f"auditkit: this run was not kept: {error}", err=True)
