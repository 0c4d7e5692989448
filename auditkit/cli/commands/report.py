"""`auditkit report`: a run that was kept, shown again."""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli.execute import Output, leave, show
from auditkit.cli.shared import AsJson, Files, Quiet, Redact, Verbose


def report(
    name: Annotated[str, typer.Argument(help="a run's id, last, or a JSON report", metavar="RUN")] = "last",
    output: Files = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    redact: Redact = False,
) -> None:
    """Show a stored run again, or write it in another format. The exit code is the run's own."""
    from auditkit.plugins.host import load_plugins
    from auditkit.store.runs import find_run, runs, runs_folder

    target = Output(files=tuple(output or ()), as_json=as_json, quiet=quiet, verbose=verbose, redact=redact)
    stored = find_run(name, runs_folder())
    latest = (runs(runs_folder()) or [""])[-1]
    show(stored, target, load_plugins(), run=latest if name in {"last", latest} else "")
    leave(stored, target)
