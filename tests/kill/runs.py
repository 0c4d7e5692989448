"""Runs that are ended at a random point and gone on with.

The findings are those of a run that nobody ended, and nothing that was finished is done again.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

MAIN = [sys.executable, "-P", str(Path(__file__).with_name("watched.py"))]
SIGNALS = (signal.SIGKILL, signal.SIGTERM)
ENDS = {0, 1, 5}
"""Exit codes of runs that came to their end."""
RECIPE = """
version: 1
name: killed
data: {path: german_credit, sensitive: [sex]}
groups: {sex: {column: sex}}
steps:
  - {id: found, use: minoria, with: {top: 2}}
  - {id: trials, use: mime, with: {group: sex, trials: 6, betas: [0, 0.5, 1], model: GaussianNB}}
  - {id: forgotten, use: shasam, with: {runs: 1, epochs: 4, loss: ce}}
  - {id: rates, use: rates}
"""
COMMANDS = {
    "mine": "mine german_credit --top 2",
    "mime": "audit german_credit --with mime --groups sex --group sex --model GaussianNB --trials 4 --betas 0,0.5,1",
    "shasam": "repair german_credit --with shasam --sensitive sex --runs 2 --epochs 6 --loss ce",
    "repair": "repair people --with mopr",
    "recipe": "run r.yaml",
}


@dataclass(frozen=True)
class Killed:
    """What became of one run: "" as `problem` where it went on to the same findings; `finished` pieces were kept."""

    kind: str
    signal: str
    seconds: float
    finished: int
    problem: str


@dataclass(frozen=True)
class Whole:
    """A run that nobody ended: its findings, how often it finished each piece of work, and its seconds."""

    findings: str
    finished: Counter[str]
    seconds: float


def straight(kind: str, folder: Path) -> Whole:
    """Return a run that nobody ends."""
    started = time.monotonic()
    done = _call(kind, folder, "straight")
    if done.returncode not in ENDS:
        message = f"{kind} ended in {done.returncode}: {done.stderr}"
        raise RuntimeError(message)
    seconds = time.monotonic() - started
    return Whole(_findings(done.stdout), Counter(_finished(folder, "straight")), seconds)


def killed(kind: str, folder: Path, seed: int, *, whole: Whole) -> Killed:
    """End a run at a random point by a random signal, go on with --resume, and return what became of it."""
    draw = random.Random(f"{kind}{seed}")
    number, seconds = draw.choice(SIGNALS), draw.uniform(0.05, 1.0) * whole.seconds
    home = f"killed{seed}"
    code, shown, said = _ended(kind, folder, home, number=number, seconds=seconds)
    done = _finished(folder, home)[:-1]  # the last name was noted before the file had it
    kept = bool(list(folder.glob(f"{home}/unfinished/*/*/*")))
    again = _call(kind, folder, home, "--resume")
    problem = ""
    if "Traceback" in said:
        problem = f"traceback: {said[-500:]}"
    elif code not in {*ENDS, -number, 128 + number}:
        problem = f"exit {code}"
    elif again.returncode not in ENDS:
        problem = f"resumed to exit {again.returncode}: {again.stderr[-500:]}"
    elif _findings(again.stdout) != whole.findings:
        problem = "other findings"
    elif kept and list(folder.glob(f"{home}/unfinished/*/*/*")):
        problem = "unfinished work is left after a good end"
    elif not shown and (lost := Counter(done + _finished(folder, home)[len(done) + 1 :]) - whole.finished):
        problem = f"done again: {dict(lost)}"
    return Killed(kind, signal.Signals(number).name, seconds, len(done), problem)


def _ended(kind: str, folder: Path, home: str, *, number: int, seconds: float) -> tuple[int, bool, str]:
    """Return the exit code of a run that is sent a signal after some seconds, whether it had shown its report, and stderr.

    A run that has shown its report may be ended while it cleans up: it has no work to keep any more.
    """
    running = subprocess.Popen(
        _words(kind, folder), cwd=folder, env=_home(folder, home), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    try:
        out, said = running.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        running.send_signal(number)
        out, said = running.communicate()
    return running.returncode, out.endswith(b"}\n"), said.decode(errors="replace")


def _finished(folder: Path, home: str) -> list[str]:
    """Return the pieces of work that runs in a home finished, in their order."""
    log = folder / f"{home}.log"
    return log.read_text().splitlines() if log.exists() else []


def _call(kind: str, folder: Path, home: str, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_words(kind, folder), *more], cwd=folder, env=_home(folder, home), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def _words(kind: str, folder: Path) -> list[str]:
    (folder / "r.yaml").write_text(RECIPE)
    return [*MAIN, *COMMANDS[kind].split(), "--json"]


def _home(folder: Path, name: str) -> dict[str, str]:
    told = {
        "AUDITKIT_HOME": str(folder / name),
        "KILL_LOG": str(folder / f"{name}.log"),
        "OMP_NUM_THREADS": "1",
    }
    return {**os.environ, **told}


def _findings(text: str) -> str:
    """Return the findings without what a second run may tell otherwise: none of it."""
    return json.dumps(json.loads(text)["findings"])
