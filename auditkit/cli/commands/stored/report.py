"""`auditkit report`: a run that was kept, shown again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditkit.cli.commands.stored.check import untouched
from auditkit.cli.execute import leave, show
from auditkit.cli.listing import installed
from auditkit.cli.outputs import Output, check_format
from auditkit.cli.reports import STDOUT, renderer_of
from auditkit.cli.shared import AsJson, Files, Format, Overwrite, Quiet, Redact, Verbose


def report(
    name: Annotated[str, typer.Argument(help="a run's id, last, or a JSON report", metavar="RUN")] = "last",
    output: Files = None,
    format_: Format = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    redact: Redact = False,
    overwrite: Overwrite = False,
) -> None:
    """Show a stored run again, or write it in another format. The exit code is the run's own.

    A report that was edited since it was written is refused.
    """
    from auditkit.store.outputs import check_outputs
    from auditkit.store.runs import runs, runs_folder

    target = Output(
        files=tuple(output or ()),
        form=format_,
        as_json=as_json,
        quiet=quiet,
        verbose=verbose,
        redact=redact,
        overwrite=overwrite,
    )
    host, stored = installed(), untouched(name)
    for path in target.files:
        renderer_of(path, host, format_)
    check_format(target, host)
    check_outputs(
        [path for path in target.files if path != STDOUT],
        inputs=(Path(name), runs_folder()),
        overwrite=overwrite,
    )
    latest = (runs(runs_folder()) or [""])[-1]
    show(stored, target, host, run=latest if name in {"last", latest} else "")
    leave(stored, target)
