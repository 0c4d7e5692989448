"""How slow this machine is, now: a little work of the three kinds that steps do, timed."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

from auditkit.step.prices import PROBE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 3
"""Of which the fastest counts: the others were disturbed."""


def slowness() -> float:
    """Return by how much a second of the prices is stretched here, in some 50 ms of processor time."""
    return probe_seconds() / PROBE_SECONDS


def probe_seconds() -> float:
    """Return the seconds of one core for the work of the probe."""
    return sum(min(_timed(work) for _ in range(REPEATS)) for work in (_plain, _sorting, _multiplying))


def _timed(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


def _plain() -> int:
    """Python itself: names, numbers and a dictionary."""
    found: dict[int, int] = {}
    for number in range(60_000):
        found[number % 97] = found.get(number % 97, 0) + number
    return len(found)


def _sorting() -> object:
    """Memory and comparisons."""
    import numpy as np

    return np.sort(np.random.default_rng(0).normal(size=150_000))


def _multiplying() -> object:
    """Arithmetic, by one thread."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    values = np.random.default_rng(0).normal(size=(300, 300))
    with threadpool_limits(limits=1):
        return values @ values @ values
