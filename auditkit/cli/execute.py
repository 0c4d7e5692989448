"""Carries a plan to its end: run it, keep it, show it, write its files, and say the exit code."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import typer

from auditkit.errors import AuditkitError, UsageError, nearest
from auditkit.running.ledger import Observer
from auditkit.values.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pandas as pd

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
    keep: bool = True
    resume: bool = False
    redact: bool = False


class Progress(Observer):
    """Says on standard error what is being done, when a person is watching; keeps what repairs hand back."""

    def __init__(self) -> None:
        self.results: dict[str, pd.DataFrame] = {}

    def result(self, step: str, table: pd.DataFrame) -> None:
        """Keep a repair's table."""
        self.results[step] = table

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
    from auditkit.cli.tables import check_tables, write_tables
    from auditkit.running.engine import run
    from auditkit.running.plan import make_plan
    from auditkit.running.unfinished import unfinished_work
    from auditkit.store.files import check_writable

    warn_of_broken(host)
    reports, tables = _sorted(output.files, host)
    for path in output.files:
        check_writable(path)
    plan, progress = make_plan(recipe, document, host, folder=folder, when=when), Progress()
    check_tables(tables, plan)
    with unfinished_work(plan, resume=output.resume) as work, _hint_at_resume(work):
        report = run(plan, observer=progress, work=work)
    if output.keep:
        _keep(report)
    write_tables(tables, progress.results)
    for path in tables:
        typer.echo(f"wrote {path}", err=True)
    show(report, replace(output, files=reports), host)
    return report


@contextmanager
def _hint_at_resume(work: Path) -> Iterator[None]:
    """Say on an interrupt, if a step kept finished work, how to go on from it."""
    try:
        yield
    except KeyboardInterrupt:
        if work.exists():
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
        text = _renderer(path, host)(report)
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
    from auditkit.render.text import terminal

    _print(terminal.render(report, width=terminal_width(), colour=wants_colour()))


def leave(report: Report, output: Output) -> None:
    """End the process with the report's exit code; --exit-zero hides only 1 and 5."""
    hidden = output.exit_zero and report.exit_code in {ExitCode.GATE_FAILED, ExitCode.UNDECIDED}
    raise typer.Exit(0 if hidden else int(report.exit_code))


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


def _sorted(files: tuple[Path, ...], host: Host) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the files that are reports and those that are tables; raise for an extension that is neither."""
    from auditkit.cli.tables import FORMATS

    tables = tuple(path for path in files if path.suffix in FORMATS)
    reports = tuple(path for path in files if path not in tables)
    for path in reports:
        _renderer(path, host)
    return reports, tables


def _renderer(path: Path, host: Host) -> Any:
    """Return the renderer for a file's extension."""
    from auditkit.render.formats import by_extension

    renderers = {**by_extension(), **{e: r.render for r in host.renderers for e in r.extensions}}
    if path.suffix not in renderers:
        message = f"cannot write {path}: no format for '{path.suffix}'{nearest(path.suffix, renderers)}"
        raise UsageError(message)
    return renderers[path.suffix]


def _keep(report: Report) -> None:
    """Store the run; where that cannot be done, say so and go on: the result itself is not in doubt."""
    from auditkit.store.runs import runs_folder, save

    try:
        save(report, runs_folder())
    except (OSError, AuditkitError) as error:
        typer.echo(f"auditkit: this run was not kept: {error}", err=True)
