"""Says on standard error what is being done, for how long and for how much longer, when a person is watching."""

from __future__ import annotations

import sys
from collections.abc import Sized
from typing import IO, TYPE_CHECKING, Any, Self, cast

from auditkit.cli.console.terminal import say
from auditkit.running.ledger import Observer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from auditkit.values.report import Report


class Progress(Observer):
    """Draws, within `with`, a line for the step that runs, with the time so far, and a bar for what it counts.

    A bar says how long it will still take. The lines go when the run ends. Outside of `with`, a step is named once.
    """

    def __init__(self, learn: Callable[[Report], None] | None = None) -> None:
        self._learn = learn
        self._bars: Bars | None = None
        self._step: TaskID | None = None

    def __enter__(self) -> Self:
        """Begin to draw, if a person is watching."""
        if sys.stderr.isatty():
            self._bars = _bars()
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the lines away."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None

    def broke_off(self, report: Report) -> None:
        """Hand on what steps had found when the run ended early."""
        if self._learn is not None:
            self._learn(report)

    def step(self, name: str) -> None:
        """Name the step that begins."""
        if self._bars is None:
            if sys.stderr.isatty():
                say(f"running {name} ...")
            return
        if self._step is not None:
            self._bars.remove_task(self._step)
        self._step = self._bars.add_task(_plain(f"running {name}"), total=None)

    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:
        """Draw a bar on standard error while the items pass."""
        return items if self._bars is None else self._tracked(items, description, self._bars)

    def _tracked(self, items: Iterable[Any], description: str, bars: Bars) -> Iterator[Any]:
        total = len(items) if isinstance(items, Sized) else None
        task = bars.add_task(_plain(description), total=total)
        try:
            for item in items:
                yield item
                bars.advance(task)
        finally:
            bars.remove_task(task)


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from auditkit.cli.console.streams import AsIs

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(file=cast("IO[str]", AsIs(sys.stderr))),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _plain(text: str) -> str:
    """Return a text that sends no escapes and is no markup."""
    from rich.markup import escape

    from auditkit.render import words

    return escape(words.visible(text, limit=80))
