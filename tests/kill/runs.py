"""Runs that are ended at a random point and gone on with: the findings are those of a run that nobody ended."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAIN = [sys.executable, "-c", "from auditkit.cli.app import main; main()"]
SIGNALS = (signal.SIGKILL, signal.SIGTERM)
RECIPE = """
version: 1
name: killed
data: {path: german_credit}
groups: {sex: {column: sex}}
steps:
  - {id: found, use: minoria, with: {top: 2}}
  - {id: trials, use: mime, with: {group: sex, trials: 6, betas: [0, 0.5, 1], model: GaussianNB}}
  - {id: rates, use: rates}
"""
COMMANDS = {
    "mine": "mine german_credit --top 2",
    "mime": "audit german_credit --with mime --groups sex --group sex --model GaussianNB --trials 4 --betas 0,0.5,1",
    "repair": "repair german_credit --with shasam --sensitive sex --runs 2 --epochs 6 --loss ce",
    "recipe": "run r.yaml",
}


@dataclass(frozen=True)
class Killed:
    """What became of one run: "" as `problem` where it went on to the same findings."""

    kind: str
    signal: str
    seconds: float
    problem: str


def straight(kind: str, folder: Path) -> tuple[str, float]:
    """Return the findings of a run that nobody ends, and how long it took in seconds."""
    started = time.monotonic()
    done = _call(kind, folder, "straight")
    if done.returncode not in {0, 1, 5}:
        message = f"{kind} ended in {done.returncode}: {done.stderr}"
        raise RuntimeError(message)
    return _findings(done.stdout), time.monotonic() - started


def killed(kind: str, folder: Path, seed: int, *, whole: tuple[str, float]) -> Killed:
    """End a run at a random point by a random signal, go on with --resume, and return what became of it."""
    draw = random.Random(f"{kind}{seed}")
    number, seconds = draw.choice(SIGNALS), draw.uniform(0.05, 1.0) * whole[1]
    home = f"killed{seed}"
    running = subprocess.Popen(
        _words(kind, folder),
        cwd=folder,
        env=_home(folder, home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        _, said = running.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        running.send_signal(number)
        _, said = running.communicate()
    name = signal.Signals(number).name
    if b"Traceback" in said:
        return Killed(kind, name, seconds, f"traceback: {said.decode()[-500:]}")
    if running.returncode not in {0, 1, 5, -number, 128 + number}:
        return Killed(kind, name, seconds, f"exit {running.returncode}")
    kept = len(list(folder.glob(f"{home}/unfinished/*/*/*")))
    again = _call(kind, folder, home, "--resume")
    if again.returncode not in {0, 1, 5}:
        return Killed(kind, name, seconds, f"resumed to exit {again.returncode}: {again.stderr[-500:]}")
    if _findings(again.stdout) != whole[0]:
        return Killed(kind, name, seconds, "other findings")
    if kept and list(folder.glob(f"{home}/unfinished/*/*/*")):
        return Killed(kind, name, seconds, "unfinished work is left after a good end")
    return Killed(kind, name, seconds, "")


def _call(kind: str, folder: Path, home: str, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_words(kind, folder), *more], cwd=folder, env=_home(folder, home), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def _words(kind: str, folder: Path) -> list[str]:
    (folder / "r.yaml").write_text(RECIPE)
    return [*MAIN, *COMMANDS[kind].split(), "--json"]


def _home(folder: Path, name: str) -> dict[str, str]:
    return {**os.environ, "AUDITKIT_HOME": str(folder / name), "OMP_NUM_THREADS": "1"}


def _findings(text: str) -> str:
    """Return the findings without what a second run may tell otherwise: none of it."""
    return json.dumps(json.loads(text)["findings"])
