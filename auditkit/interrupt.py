"""The signal that asked this process to end: a library may make an error of its own of it, or drop it."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from socket import socket

AGAIN = 0.1
"""Seconds after which a computation is told to stop once more: it may only just have begun."""
_asked: list[type[KeyboardInterrupt]] = []


def remember(kind: type[KeyboardInterrupt]) -> None:
    """Keep that the process was asked to end, as an interrupt of this kind."""
    _asked.append(kind)


def forget() -> None:
    """Begin anew: nobody has asked yet."""
    _asked.clear()


@contextmanager
def heeded() -> Iterator[None]:
    """Raise the interrupt that came before an error of the block, if one did, in place of what was made of it.

    An extension module that is interrupted while it is imported says that the import failed; a codec, that a file is
    damaged. Neither is so.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if _asked:
            raise _asked[0] from error
        raise


@contextmanager
def stopped_by_signals(stop: Callable[[], Any]) -> Iterator[None]:
    """Call `stop` from a thread when the process is asked to end: the block computes in a library that knows no signal.

    The interpreter answers a signal between two of its own steps, and a count in a database may take hours for one.
    """
    import socket
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told, heard = socket.socketpair()
    told.settimeout(0.0)  # the interpreter writes to it in a signal handler, and must not wait there
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    watch = threading.Thread(target=_pass_on, args=(heard, stop), daemon=True)
    watch.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        told.close()
        watch.join()
        heard.close()


def _pass_on(heard: socket, stop: Callable[[], Any]) -> None:
    """Call `stop` from the first signal on, until the other end is closed."""
    while True:
        try:
            numbers = heard.recv(100)
        except TimeoutError:
            stop()
            continue
        if not numbers:
            return
        if {signal.SIGINT, signal.SIGTERM} & set(numbers):
            stop()
            heard.settimeout(AGAIN)
