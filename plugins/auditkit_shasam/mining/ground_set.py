"""The rows that one epoch mines from: a fresh share of all, without those of the epoch before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_shasam.mining.cells import Cells


def ground_set(
    cells: Cells, share: float, *, least: int, previous: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return, ascending, a random share of the rows minus the previous epoch's (SHaSaM, Algorithm 1, line 5).

    Every cell keeps at least min(`least`, all) rows of its own: a plain sample of a small cell may be empty. A
    share of 1 is all rows, every epoch. Raises UsageError outside (0, 1].
    """
    if not 0 < share <= 1:
        message = f"the ground set is a share of the rows in (0, 1], got {share}"
        raise UsageError(message)
    everything = np.arange(len(cells))
    if share == 1:
        return everything
    drawn = rng.choice(len(cells), size=max(1, round(share * len(cells))), replace=False)
    taken = np.zeros(len(cells), dtype=np.bool_)
    taken[drawn] = True
    taken[previous] = False
    for i, j in np.argwhere(cells.counts > 0):
        cell = (cells.target == i) & (cells.sensitive == j)
        missing = least - int((cell & taken).sum())
        if missing > 0:
            spare = np.flatnonzero(cell & ~taken)
            taken[rng.choice(spare, size=min(missing, len(spare)), replace=False)] = True
    return np.flatnonzero(taken)
