"""`auditkit explain`: what a name means."""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli.console.terminal import tell
from auditkit.cli.listing import installed


def explain(
    name: Annotated[
        list[str],
        typer.Argument(
            help="a gate, a group or a step of the last run, a metric, a word, an exit code", metavar="NAME"
        ),
    ],
) -> None:
    """Explain whatever a report prints: a gate of the last run and what decides it, a group, a metric, a word."""
    from auditkit.errors import UsageError
    from auditkit.render.text.explanations import explain as explanation
    from auditkit.store.runs import find_run, runs, runs_folder

    try:
        last = find_run("last", runs_folder()) if runs(runs_folder()) else None
    except UsageError:  # a stored run of another version explains nothing; metrics and words still do
        last = None
    tell(explanation(" ".join(name), installed().steps, last))
