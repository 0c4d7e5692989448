"""The one place of these kernels that asks numba for machine code, cached on disk where a cache can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function compiled on first call, without the interpreter lock; 1 / 0 is infinite in it.

    With no writable cache beside the source nor in the user's folder, numba raises at decoration; then the
    code is compiled anew in each process.
    """
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        return numba.njit(nogil=True, error_model="numpy")(function)
