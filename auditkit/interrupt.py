"""The signal that asked this process to end: a library may make an error of its own of it, or drop it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
