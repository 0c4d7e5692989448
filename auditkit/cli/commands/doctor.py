"""`auditkit doctor`: what is wrong with this installation."""

from __future__ import annotations

import typer

from auditkit.cli.console.terminal import tell
from auditkit.values.exit_code import ExitCode


def doctor() -> None:
    """Check the installation: versions, plugins, bundled data, and clashes with other packages."""
    from auditkit.plugins.host import load_plugins
    from auditkit.running.diagnosis import diagnose

    checks = diagnose(load_plugins())
    for check in checks:
        tell(f"{'ok  ' if check.good else 'BAD '} {check.what}: {check.finding}")
    if not all(check.good for check in checks):
        raise typer.Exit(int(ExitCode.INTERNAL))
