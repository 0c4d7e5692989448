"""Says on standard error what is being done, when a person is watching."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from auditkit.running.ledger import Observer

if TYPE_CHECKING:
    from collections.abc import Iterable


class Progress(Observer):
    """Says on standard error what is being done, when a person is watching."""

    def step(self, name: str) -> None:
        """Name the step that begins."""
        if sys.stderr.isatty():
            typer.echo(f"running {name} ...", err=True)

    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:
        """Draw a bar on standard error while the items pass."""
        if not sys.stderr.isatty():
            return items
        from rich.console import Console
        from rich.progress import track

        return track(items, description=description, console=Console(stderr=True), transient=True)
