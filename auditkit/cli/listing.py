"""Prints rows: as JSON, or as a table without borders."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from auditkit.cli.console.terminal import print_whole, say, tell, terminal_width
from auditkit.values.shown.hidden import without_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.plugins.host import Host

AsJson = Annotated[bool, typer.Option("--json", help="print JSON instead of text")]


def show_rows(rows: Sequence[dict[str, str]], *, as_json: bool) -> None:
    """Print rows that have the same keys."""
    if as_json:
        tell(without_marks(json.dumps(rows, indent=1, ensure_ascii=False)))
        return
    from auditkit.render.text.listing import table

    print_whole(table(rows, width=terminal_width()))


def installed() -> Host:
    """Return what the plugins bring, with a word on standard error for each that was set aside."""
    from auditkit.plugins.host import load_plugins

    host = load_plugins()
    warn_of_broken(host)
    return host


def warn_of_broken(host: Host) -> None:
    """Name on standard error each plugin that was set aside."""
    for plugin in host.set_aside:
        label = " ".join(filter(None, (plugin.distribution or plugin.name, plugin.version)))
        say(f"auditkit: plugin '{plugin.name}' ({label}) was set aside: {plugin.problem}")
