"""Few items go through Python, many through machine code: the pace of a process.

Numba takes half a second to load and six to compile what no cache holds, as on a runner that starts empty. A report
of a few groups asks for some hundred bounds, which Python works out in a quarter of a second: machine code is
asked for only by who asks for more. Both ways do the same operations on the same floats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.compiled.alone import filling

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

IN_PYTHON = 500
"""Items that a process works out in Python, half a millisecond each, before it asks for machine code."""


class Pace:
    """Sends few items through Python and many through machine code; `left` items may still go the first way."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, kernel: Callable[..., None], *arrays: Floats) -> Floats:
        """Return the last of these float64 arrays, filled by a kernel of all of them with a number for each item.

        Python says of 1 / 0 and of logarithms of 0 that they cannot be; machine code has a number for them.
        """
        found = arrays[-1]
        self.left -= len(found)
        if self.left >= 0:
            lists = [array.tolist() for array in arrays]
            try:
                with np.errstate(divide="raise", over="raise", invalid="raise"):
                    kernel(*lists)
            except (ArithmeticError, ValueError):
                pass
            else:
                found[:] = lists[-1]
                return found
        filling(kernel, *(array.ndim for array in arrays))(*arrays)
        return found


at_its_pace = Pace(IN_PYTHON)
"""The pace of this process."""


def expect_bounds(items: int) -> None:
    """Take it that so many exact bounds are to come: past what Python is given, machine code is asked for at once.

    Else the first hundreds would be worked out in Python although machine code is loaded all the same.
    """
    if items > at_its_pace.left:
        at_its_pace.left = 0
