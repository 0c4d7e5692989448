"""SIGTERM ends a run as Ctrl-C does: what is finished is kept, nothing half-written is left."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditkit.interrupt import forget, remember

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import NoReturn


class Terminated(KeyboardInterrupt):
    """The process was asked to end."""

    exit_code = 143


_KINDS: dict[int, tuple[type[KeyboardInterrupt], object]] = {
    signal.SIGINT: (KeyboardInterrupt, signal.default_int_handler),
    signal.SIGTERM: (Terminated, signal.SIG_DFL),
}
"""What each signal raises, and what answers it while nobody has seen to it."""


class _Asked:
    """Remembers that the process was asked to end: libraries turn interrupts into exits and into other errors."""

    def __init__(self) -> None:
        self.to_end = False

    def __call__(self, number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG002
        kind, _ = _KINDS[number]
        self.to_end = self.to_end or kind is Terminated
        remember(kind)
        raise kind


@contextmanager
def terminable() -> Iterator[_Asked]:
    """Raise Terminated in the block on SIGTERM, KeyboardInterrupt on SIGINT, unless somebody has seen to the signal.

    A process that ignores a signal from its start, as under nohup, goes on ignoring it. Only the main thread can.
    """
    asked = _Asked()
    ours = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in _KINDS} if ours else {}
    taken = {number: held for number, held in before.items() if held == _KINDS[number][1]}
    forget()
    for number in taken:
        signal.signal(number, asked)
    try:
        yield asked
    finally:
        for number, held in taken.items():
            signal.signal(number, held)
        forget()
