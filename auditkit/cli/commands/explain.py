"""`auditkit explain`: what a name means."""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli.terminal import tell


def explain(
    name: Annotated[str, typer.Argument(help="a step, a metric or an exit code", metavar="ID")],
) -> None:
    """Explain a step, a metric or an exit code: what it computes, its formula and its source."""
    from auditkit.plugins.host import load_plugins
    from auditkit.render.text.explanations import explain as explanation

    tell(explanation(name, load_plugins().steps))
