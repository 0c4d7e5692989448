"""What trials have in common because they test on the same rows of one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def shared_variance(values: Floats, rows: NDArray[np.int64], *, strata: int) -> Floats:
    """Return what rows that several trials test on add to the variance of the mean over trials, float64 [columns].

    `values` [trials, columns, m] are those of each trial's m test rows, whose numbers are `rows` [trials, m]; a trial's
    rows are in `strata` equal parts, one for each class and group, one after another. With e a row's value less its
    trial's mean in the part, the sum over pairs of trials t != u and rows i of e_ti e_ui / (trials m)^2: the trials'
    own spread holds everything else. It is the two-way variance of Cameron, Gelbach and Miller (2011), clustered by
    trials and by rows, less its part of trials; where rows do not matter it is 0 on average, and negative sums are 0.
    """
    trials, columns, m = values.shape
    parts = values.reshape(trials, columns, strata, m // strata)
    off = (parts - parts.mean(axis=3, keepdims=True)).reshape(trials, columns, m).transpose(0, 2, 1)
    places, of_row = np.unique(rows, return_inverse=True)
    sums = np.zeros((len(places), columns))
    np.add.at(sums, of_row.reshape(rows.shape), off)
    pairs = (sums**2).sum(axis=0) - (off**2).sum(axis=(0, 1))
    return np.asarray(np.maximum(pairs, 0.0) / (trials * m) ** 2)
