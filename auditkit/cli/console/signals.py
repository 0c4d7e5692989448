"""SIGTERM ends a run as Ctrl-C does: what is finished is kept, nothing half-written is left."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import NoReturn


class Terminated(KeyboardInterrupt):
    """The process was asked to end."""

    exit_code = 143


class _Asked:
    """Remembers that the process was asked to end: the library of options turns interrupts into exits."""

    def __init__(self) -> None:
        self.to_end = False

    def __call__(self, number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG002
        self.to_end = True
        raise Terminated


@contextmanager
def terminable() -> Iterator[_Asked]:
    """Raise Terminated in the block on SIGTERM, unless somebody has seen to that signal already.

    A process that ignores a signal from its start, as under nohup, goes on ignoring it. Only the main thread can.
    """
    asked = _Asked()
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield asked
        return
    signal.signal(signal.SIGTERM, asked)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
