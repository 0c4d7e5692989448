"""The one place that asks numba for machine code: cached on disk where some cache can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function compiled on first call; sums may be reordered, so that they run side by side.

    Numba caches beside the source, or in the user's cache folder where the package is read-only. With neither
    writable it raises at decoration, before any work; then the code is compiled anew in each process.
    """
    free = {"reassoc", "nsz", "contract"}
    try:
        return numba.njit(cache=True, nogil=True, fastmath=free)(function)
    except RuntimeError:
        return numba.njit(nogil=True, fastmath=free)(function)
