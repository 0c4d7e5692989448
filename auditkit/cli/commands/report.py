"""`auditkit report`: a run that was kept, shown again."""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli.execute import Output, leave, show
from auditkit.cli.shared import AsJson, Files, Redact


def report(
    name: Annotated[str, typer.Argument(help="a run's id, last, or a JSON report", metavar="RUN")] = "last",
    output: Files = None,
    as_json: AsJson = False,
    redact: Redact = False,
) -> None:
    """Show a stored run again, or write it in another format. The exit code is the run's own."""
    from auditkit.plugins.host import load_plugins
    from auditkit.store.runs import find_run, runs_folder

    target = Output(files=tuple(output or ()), as_json=as_json, redact=redact)
    stored = find_run(name, runs_folder())
    show(stored, target, load_plugins())
    leave(stored, target)
