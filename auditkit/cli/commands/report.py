"""`auditkit report`: a run that was kept, shown again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditkit.cli.execute import leave, show
from auditkit.cli.outputs import Output
from auditkit.cli.reports import renderer_of
from auditkit.cli.shared import AsJson, Files, Overwrite, Redact


def report(
    name: Annotated[str, typer.Argument(help="a run's id, last, or a JSON report", metavar="RUN")] = "last",
    output: Files = None,
    as_json: AsJson = False,
    redact: Redact = False,
    overwrite: Overwrite = False,
) -> None:
    """Show a stored run again, or write it in another format. The exit code is the run's own."""
    from auditkit.plugins.host import load_plugins
    from auditkit.store.outputs import check_outputs
    from auditkit.store.runs import find_run, runs_folder

    target = Output(files=tuple(output or ()), as_json=as_json, redact=redact, overwrite=overwrite)
    host, stored = load_plugins(), find_run(name, runs_folder())
    for path in target.files:
        renderer_of(path, host)
    check_outputs(target.files, inputs=(Path(name), runs_folder()), overwrite=overwrite)
    show(stored, target, host)
    leave(stored, target)
