"""Prints rows: as JSON, or as a table without borders."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from auditkit.cli.console.terminal import print_whole, tell, terminal_width

if TYPE_CHECKING:
    from collections.abc import Sequence

AsJson = Annotated[bool, typer.Option("--json", help="print JSON instead of text")]


def show_rows(rows: Sequence[dict[str, str]], *, as_json: bool) -> None:
    """Print rows that have the same keys."""
    if as_json:
        tell(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    from auditkit.render.text.listing import table

    print_whole(table(rows, width=terminal_width()))
