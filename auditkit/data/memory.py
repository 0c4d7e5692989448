"""How much memory a table may take, asked before it is taken: a system that runs out kills without a word."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_FORM = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*([KMGT]B)", re.IGNORECASE)


SPACE, SPACE_OF_A_CORE = 2_400_000_000, 100_000_000
"""Bytes of address space that the libraries need before any data are read, and more for the threads of each core."""


def need_space() -> None:
    """Raise UsageError where `ulimit -v` is below what the libraries need: without it they end the process, or hang."""
    try:
        import resource
    except ImportError:  # Windows
        return
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    needed = SPACE + SPACE_OF_A_CORE * (os.cpu_count() or 1)
    if most != resource.RLIM_INFINITY and most < needed:
        message = (
            f"ulimit -v allows {in_words(most)} of address space, and {in_words(needed)} are needed before data are "
            f"read; write ulimit -v {-(-needed // 1024)}, or ulimit -v unlimited"
        )
        raise UsageError(message)


@dataclass(frozen=True)
class Room:
    """The most bytes that one table may take once it is read; without a number, what is free when it is asked for."""

    bytes: int | None = None
    without_end: bool = False

    def need(self, size: int, what: object) -> None:
        """Raise DataError if `what` would take more bytes than there is room for; `size` is an estimate."""
        if self.without_end:
            return
        there = free_bytes() if self.bytes is None else self.bytes
        if there is None or size <= there:
            return
        have = "are free" if self.bytes is None else "are allowed"
        message = (
            f"{what} would take about {in_words(size)} of memory, and {in_words(there)} {have}; "
            "--memory-limit none (data.memory_limit in a recipe) reads it all the same"
        )
        raise DataError(message)

    def most(self) -> int | None:
        """Return how many bytes may be read on before it is known what they become; None for no end."""
        if self.without_end:
            return None
        return free_bytes() if self.bytes is None else self.bytes


_IN_FORCE: ContextVar[Room] = ContextVar("room in force", default=Room())  # noqa: B039  it is frozen


@contextmanager
def within(room: Room) -> Iterator[None]:
    """Have everything that the block reads keep to this room, also what steps read of files of their own."""
    token = _IN_FORCE.set(room)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def room_in_force() -> Room:
    """Return the room of the run that is going on; outside of one, what is free."""
    return _IN_FORCE.get()


def room_of(text: str | None) -> Room:
    """Return the room that a limit such as `8GB` or `none` leaves; without one, what is free."""
    if text is None:
        return Room()
    if text.strip().lower() == "none":
        return Room(without_end=True)
    found = _FORM.fullmatch(text.strip())
    if not found:
        message = f"memory limit '{text:.40}' is no size; write 500MB, 8GB or none"
        raise UsageError(message)
    return Room(int(float(found[1]) * _UNITS[found[2].upper()]))


def in_words(size: int) -> str:
    """Return a number of bytes as people say it, such as `21 GB`."""
    for name, unit in reversed(_UNITS.items()):
        if size >= unit:
            return f"{size / unit:,.0f} {name}" if size >= 10 * unit else f"{size / unit:.1f} {name}"
    return f"{size} bytes"


def free_bytes() -> int | None:
    """Return the bytes that this process can still take: of the machine, its control group and its own limit.

    None where the system tells none of them.
    """
    known = [found for found in (_of_machine(), _of_group(), _of_process()) if found is not None]
    return max(min(known), 0) if known else None


def _of_machine() -> int | None:
    """Return what Linux holds available without swapping; elsewhere, the memory that is built in."""
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return None


def _of_group() -> int | None:
    """Return what a container's control group leaves (version 2; version 1 as a container sees its own)."""
    for folder, limit, used in (
        ("/sys/fs/cgroup", "memory.max", "memory.current"),
        ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        most, now = (_lines(Path(folder, name)) for name in (limit, used))
        if most and now and most[0].isdigit():
            named = [line.split() for line in _lines(Path(folder, "memory.stat"))]
            cached = sum(int(size) for name, size in named if name == "inactive_file")  # gives way
            return int(most[0]) - int(now[0]) + cached
    return None


def _of_process() -> int | None:
    """Return what `ulimit -v` leaves."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    pages = _lines(Path("/proc/self/statm"))
    if most == resource.RLIM_INFINITY or not pages:
        return None
    return most - int(pages[0].split()[0]) * resource.getpagesize()


def _lines(path: Path) -> list[str]:
    """Return the lines of a file of the system, none where there is none."""
    try:
        return path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
