"""Says on standard error what is being done, when a person is watching."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Any, cast

from auditkit.cli.terminal import say
from auditkit.running.ledger import Observer

if TYPE_CHECKING:
    from collections.abc import Iterable


class Progress(Observer):
    """Says on standard error what is being done, when a person is watching."""

    def step(self, name: str) -> None:
        """Name the step that begins."""
        if sys.stderr.isatty():
            say(f"running {name} ...")

    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:
        """Draw a bar on standard error while the items pass."""
        if not sys.stderr.isatty():
            return items
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import track

        from auditkit.cli.streams import AsIs
        from auditkit.render import words

        return track(
            items,
            description=escape(words.visible(description)),
            console=Console(file=cast("IO[str]", AsIs(sys.stderr))),
            transient=True,
        )
