"""The one place that asks numba for machine code: cached on disk where some cache can be written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Kernel:
    """The largest piece of machine code that some work needs, and a call that makes it."""

    code: Callable[..., object]
    first_call: Callable[[], object]


P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function compiled on first call, without the interpreter lock.

    Numba caches beside the source, or in the user's cache folder where the package is read-only. With neither
    writable it raises at decoration, before any work; then the code is compiled anew in each process.
    """
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        return numba.njit(nogil=True, error_model="numpy")(function)


def compiled_before(function: Callable[..., object]) -> bool:
    """Return whether machine code of the function waits on disk, so that the first call need not make it."""
    folder = getattr(getattr(function, "stats", None), "cache_path", None)
    return folder is not None and any(Path(folder).glob(f"*.{function.__name__}-*.nbi"))
