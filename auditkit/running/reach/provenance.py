"""What a run must remember so that somebody else can repeat it: inputs, versions, commit, machine, times."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from auditkit.running.reach.commit import git_commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditkit.plugins.host import Host
    from auditkit.running.reach.inputs import Input

DISTRIBUTION = "fair-auditkit"
LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "pyarrow", "numba", "pluggy", "pydantic")


@cache
def versions() -> Mapping[str, str]:
    """Return the versions of Python, auditkit and the libraries that compute, looked up once: a process keeps them."""
    found = {"python": platform.python_version(), "auditkit": version(DISTRIBUTION)}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return MappingProxyType(found)


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
        "versions": dict(versions()),
        "plugins": [{"name": p.name, "version": p.version, "problem": p.problem} for p in host.plugins],
        "git_commit": git_commit(folder),
        "platform": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def _command() -> str:
    import shlex

    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
