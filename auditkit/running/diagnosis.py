"""Checks an installation and says what is wrong in one line each."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.running.reach.provenance import DISTRIBUTION, versions

if TYPE_CHECKING:
    from auditkit.plugins.host import Host


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    what: str
    finding: str
    good: bool


def diagnose(host: Host) -> tuple[Check, ...]:
    """Return every check of this installation."""
    found = ", ".join(f"{name} {version}" for name, version in versions().items())
    return (
        Check("versions", found, good=True),
        _no_namesake(),
        *(_plugin(host, name) for name in sorted(p.name for p in host.plugins)),
        *(
            Check(
                f"data set {d.name}",
                d.path if Path(d.path).is_file() else f"{d.path} is missing",
                Path(d.path).is_file(),
            )
            for d in host.datasets.values()
        ),
    )


def _plugin(host: Host, name: str) -> Check:
    plugin = next(p for p in host.plugins if p.name == name)
    what = f"plugin {plugin.name} {plugin.version}".strip()
    return Check(what, plugin.problem or f"loaded in {plugin.seconds * 1000:.0f} ms", not plugin.problem)


def _no_namesake() -> Check:
    """Look for the unrelated package `auditkit`, which has the same import name and command."""
    names = {str(d.metadata["Name"]).lower() for d in distributions()}
    if "auditkit" in names:
        return Check(
            "name",
            f"the unrelated package 'auditkit' is installed and hides this one ({DISTRIBUTION}): "
            f"pip uninstall auditkit, then reinstall {DISTRIBUTION}",
            good=False,
        )
    return Check("name", f"no clash: installed as {DISTRIBUTION}", good=True)
