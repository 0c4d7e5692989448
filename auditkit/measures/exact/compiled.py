"""Kernels: functions of plain numbers and arrays that run as Python or as machine code, from one source.

Numba takes half a second to load and six to compile what its cache does not hold, as on a runner that starts empty. A
report of a few groups asks for some hundred bounds, which Python works out in a quarter of a second: machine code is
asked for only by who asks for more. Both ways do the same operations on the same floats.
"""

from __future__ import annotations

from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Kernel: TypeAlias = Callable[..., Floats]

P = ParamSpec("P")
R = TypeVar("R")

IN_PYTHON = 500
"""Items that a process works out in Python, half a millisecond each, before it asks for machine code."""

_kernels: set[Callable[..., Any]] = set()


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function as it is, known as one that may be compiled; so are the kernels that it calls."""
    _kernels.add(function)
    return function


@cache
def machine_code(function: Any) -> Any:
    """Return a kernel compiled on first call, without the interpreter lock; 1 / 0 is infinite in it.

    With no writable cache beside the source nor in the user's folder, numba raises at decoration; then the
    code is compiled anew in each process.
    """
    import numba

    known, code = function.__globals__, function.__code__
    called = {name: machine_code(known[name]) for name in code.co_names if _is_kernel(known.get(name))}
    twin = FunctionType(code, {**known, **called}, function.__name__)
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy")(twin)
    except RuntimeError:
        return numba.njit(nogil=True, error_model="numpy")(twin)


def _is_kernel(value: Any) -> bool:
    return isinstance(value, FunctionType) and value in _kernels


class Pace:
    """Sends few items through Python and many through machine code; `left` items may still go the first way."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, kernel: Kernel, *arrays: Floats) -> Floats:
        """Return what a kernel makes of float64 arrays, the last of which has one number for each item.

        Python says of 1 / 0 and of logarithms of 0 that they cannot be; machine code has a number for them.
        """
        self.left -= len(arrays[-1])
        if self.left < 0:
            return self._compiled(kernel, arrays)
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                return kernel(*(array.tolist() for array in arrays))
        except (ArithmeticError, ValueError):
            return self._compiled(kernel, arrays)

    @staticmethod
    def _compiled(kernel: Kernel, arrays: tuple[Floats, ...]) -> Floats:
        found: Floats = machine_code(kernel)(*arrays)
        return found


at_its_pace = Pace(IN_PYTHON)
"""The pace of this process."""


def expect_bounds(items: int) -> None:
    """Take it that so many exact bounds are to come: past what Python is given, machine code is asked for at once.

    Else the first hundreds would be worked out in Python although machine code is loaded all the same.
    """
    if items > at_its_pace.left:
        at_its_pace.left = 0
