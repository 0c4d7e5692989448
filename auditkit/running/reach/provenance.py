"""What a run must remember so that somebody else can repeat it: inputs, versions, commit, machine, times."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditkit.plugins.host import Host
    from auditkit.running.reach.inputs import Input

DISTRIBUTION = "fair-auditkit"
LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "pyarrow", "numba", "pluggy", "pydantic")


def git_commit(folder: Path) -> str | None:
    """Return the commit that a folder is at, with `+changes` if its files differ from it; None outside git."""
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        dirty = _git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{commit}+changes" if dirty else commit


def versions() -> dict[str, str]:
    """Return the versions of Python, auditkit and the libraries that compute."""
    found = {"python": platform.python_version(), "auditkit": version(DISTRIBUTION)}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def describe(
    *, inputs: Iterable[Input], host: Host, seed: int, folder: Path, started: str, seconds: float
) -> dict[str, Any]:
    """Return the provenance of a run; times in seconds, the start in UTC."""
    return {
        "command": _command(),
        "started": started,
        "seconds": round(seconds, 3),
        "seed": seed,
        "inputs": [asdict(item) for item in inputs],
        "versions": versions(),
        "plugins": [{"name": p.name, "version": p.version, "problem": p.problem} for p in host.plugins],
        "git_commit": git_commit(folder),
        "platform": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def _command() -> str:
    import shlex

    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=5, check=True
    )
    return done.stdout.strip()
