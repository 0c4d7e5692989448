"""Reports of a run that ends early say so: no file of an earlier run is left to be read as this one's.

A report that is there already is replaced before a step runs, too: a process that is killed says nothing any more.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from auditkit.cli.console.terminal import print_whole, say
from auditkit.cli.reports import STDOUT, renderer_of
from auditkit.data.paths import is_file
from auditkit.errors import AuditkitError
from auditkit.interrupt import heeded
from auditkit.values.exit_code import ExitCode, Failure
from auditkit.values.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditkit.cli.outputs import Output
    from auditkit.plugins.host import Host

INTERRUPTS = (ExitCode.INTERRUPTED, ExitCode.TERMINATED)
NOT_YET = "this run has not come to its end: it is at work, or was ended from outside"


class Reports:
    """The reports that a run names, and what is known of the run so far."""

    def __init__(self, output: Output, host: Host, *, name: str) -> None:
        self.output, self.host, self.name = output, host, name
        self.ended: Report | None = None
        """What they say where the run ended early."""
        self.reports: tuple[Path, ...] = output.files
        self.read: tuple[Path, ...] = ()
        """Files that the run reads: none is a report to write, whatever it is called."""
        self.begun = False
        self.partial: Report | None = None

    def also(self, reports: Iterable[Path], *, read: Iterable[Path] = ()) -> None:
        """Learn which reports the recipe names, and which files the run reads."""
        self.reports = tuple(dict.fromkeys((*self.reports, *reports)))
        self.read = (*self.read, *read)

    def begin(self, reports: tuple[Path, ...]) -> None:
        """Say in the reports that are there, all of which may be written, that the run has not come to its end."""
        self.reports, self.begun = reports, True
        waiting = self._ended(Failure(exit_code=ExitCode.INTERNAL, message=NOT_YET))
        self._write(waiting, [path for path in reports if path != STDOUT and path.is_file()])

    def learn(self, report: Report) -> None:
        """Learn what steps have found."""
        self.partial = report

    @contextmanager
    def told(self) -> Iterator[Self]:
        """Say in the reports why the run of the block ended, if it ends with an error or an interrupt."""
        from auditkit.running.broken import failure_of

        try:
            with heeded():
                yield self
        except BaseException as error:
            if _is_exit(error):
                raise
            self.ended = self._end(failure_of(error))
            if self._has_found() and self.output.as_json:
                from auditkit.render.machine import json_document

                print_whole(json_document.render(self.ended))
            if self._has_found() and self.output.keep and not isinstance(error, KeyboardInterrupt):
                _keep(self.ended)
            raise

    def _end(self, failure: Failure) -> Report:
        """Say in the reports why the run ended; before it began, only in those that auditkit wrote.

        Returns what they say: what is kept and printed of it afterwards is redacted as they are.
        """
        report = self._ended(failure)
        if self.partial is not None:
            known = self.partial.failure or failure
            told = replace(known, exit_code=failure.exit_code, message=failure.message)
            report = replace(self.partial, verdict="error", failure=told, exit_code=failure.exit_code)
        report = self._shown(report)
        self._write(
            report, [path for path in self.reports if path != STDOUT and self._is_told(path, failure)]
        )
        return report

    def _shown(self, report: Report) -> Report:
        """Return a report as all see it that come from here: redacted, if that was asked for."""
        from auditkit.redact.report import redacted

        return redacted(report) if self.output.redact else report

    def _is_told(self, path: Path, failure: Failure) -> bool:
        """Whether a report is to say why the run ended: one that is there, or one with what a step has found."""
        if not self.begun:
            return self._is_left_over(path)
        return path.is_file() or (self._has_found() and failure.exit_code not in INTERRUPTS)

    def _has_found(self) -> bool:
        """Whether a step had ended with something to tell."""
        return self.partial is not None and bool(self.partial.findings or self.partial.answers)

    def _ended(self, failure: Failure) -> Report:
        from auditkit.running.reach.provenance import versions

        now = datetime.now(UTC).isoformat(timespec="seconds")  # servers order reports by their time
        known: dict[str, Any] = {"started": now, "versions": dict(versions())}
        if is_file(Path(self.name)):  # a recipe: hosts show beside it what became of it
            known["gates"] = {"": {"file": self.name, "line": 1}}
        return Report(
            name=self.name,
            verdict="error",
            exit_code=failure.exit_code,
            failure=failure,
            recipe={},
            subject={},
            provenance=known,
        )

    def _is_left_over(self, path: Path) -> bool:
        """Whether a report of an earlier run is there, which this one does not read."""
        with suppress(OSError, ValueError):
            return path.is_file() and not any(is_file(one) and path.samefile(one) for one in self.read)
        return False

    def _write(self, report: Report, paths: Iterable[Path]) -> None:
        from auditkit.store.outputs import write_output

        for path in paths:
            try:
                text = renderer_of(path, self.host, self.output.form).render(report)
            except AuditkitError:  # a plugin's format may know no run without a verdict
                text = f"{report.failure.message if report.failure else ''}\n"
            with suppress(AuditkitError):  # not ours to replace
                write_output(path, text, overwrite=self.begun and self.output.overwrite)


def _is_exit(error: BaseException) -> bool:
    """Whether a command ended with an exit code of its own choice."""
    import typer

    return isinstance(error, typer.Exit)


def _keep(report: Report) -> None:
    """Keep what finished steps found, and say so."""
    from auditkit.store.runs import runs_folder, save

    with suppress(OSError, AuditkitError):
        say(f"auditkit: what finished before is kept: auditkit report {save(report, runs_folder())}")
        sys.stderr.flush()
