"""Runs one command on one input in this process and says what is wrong with how it ended."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from fuzz.inputs import make

from auditkit.values.exit_code import EXIT_CODES, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 20.0
"""Seconds."""
REFUSED = {int(ExitCode.USAGE), int(ExitCode.DATA)}
FINE = {int(code) for code in EXIT_CODES} - {int(ExitCode.INTERNAL), int(ExitCode.INTERRUPTED)}


class Late(BaseException):
    """Raised into a run that takes too long; no handler of the program takes it for an error of its own."""


@dataclass(frozen=True)
class Verdict:
    """How one input ended: what is wrong, or nothing."""

    kind: str
    seed: int
    code: int
    seconds: float
    problem: str = ""
    error: str = ""


def judge(kind: str, seed: int) -> Verdict:
    """Return how the program ends on the input of this kind and seed, run in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="auditkit-fuzz-") as name, _inside(Path(name)):
        command = make(kind, seed, Path(name))
        before = _names(name)
        begun = perf_counter()
        code, error = _run(command.arguments)
        seconds = perf_counter() - begun
        left = _names(name) - before - {".auditkit"}
        problem = _problem(code, error, left=left, written=set(command.written))
        return Verdict(kind, seed, code, seconds, problem, error if problem else "")


def _problem(code: int, error: str, *, left: set[str], written: set[str]) -> str:
    """Return what is wrong with a run, empty if nothing is."""
    lines = [line for line in error.splitlines() if line.strip()]
    if code < 0:
        return "hang"
    if "Traceback" in error:
        return "traceback"
    if code not in FINE:
        return f"exit code {code}"
    if stray := [
        line for line in lines if not line.startswith(("auditkit: ", "wrote ", "Usage: ", "Try ", "Error: "))
    ]:
        return f"noise: {stray[0][:120]}"
    if code in REFUSED and sum(line.startswith(("auditkit: ", "Error: ")) for line in lines) != 1:
        return "not one sentence"
    if code in REFUSED and left:
        return f"left {', '.join(sorted(left))}"
    if left - written:
        return f"left {', '.join(sorted(left - written))}"
    return ""


def _run(arguments: list[str]) -> tuple[int, str]:
    """Return the exit code, -1 for a run that took too long, and what stood on standard error."""
    from auditkit.cli.app import run

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with _streams(out.fileno(), err.fileno()):
            signal.signal(signal.SIGALRM, _late)
            signal.setitimer(signal.ITIMER_REAL, LONGEST)
            try:
                code = run(arguments)
            except Late:
                code = -1
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        err.seek(0)
        return code, err.read().decode("utf-8", "replace")


def _names(folder: str) -> set[str]:
    return {path.name for path in Path(folder).iterdir()}


def _late(*_: object) -> None:
    raise Late


@contextlib.contextmanager
def _streams(out: int, err: int) -> Iterator[None]:
    """Send what the process writes, libraries in C too, to these files."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    os.dup2(out, 1)
    os.dup2(err, 2)
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (open(fd, "w", encoding="utf-8", closefd=False) for fd in (1, 2))  # noqa: SIM115
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = streams
        for fd, old in zip((1, 2), kept, strict=True):
            os.dup2(old, fd)
            os.close(old)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in this folder, and leave nothing in the user's."""
    before, home = Path.cwd(), os.environ.pop("AUDITKIT_HOME", None)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        if home is not None:
            os.environ["AUDITKIT_HOME"] = home
