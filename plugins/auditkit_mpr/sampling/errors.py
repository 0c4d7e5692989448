"""What sampling the reference does to its means: bootstrap draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from auditkit_mpr.arrays import Floats


def mean_errors(values: Floats, shares: Floats, *, size: int, draws: int, rng: np.random.Generator) -> Floats:
    """Return the error of the mean of each column of `values` [m, r] in bootstrap draws [draws, r].

    `size` rows are drawn with their shares [m]. Equal rows are drawn as one, so a few groups cost as little as a few
    rows.
    """
    distinct, which = np.unique(values, axis=0, return_inverse=True)
    together = np.bincount(which.reshape(-1), weights=shares, minlength=len(distinct)).astype(np.float64)
    together /= together.sum()
    errors = np.empty((draws, values.shape[1]))
    step = max(1, 4_000_000 // len(distinct))
    for start in range(0, draws, step):
        counts = rng.multinomial(size, together, size=min(step, draws - start))
        errors[start : start + step] = (counts / size - together) @ distinct
    return errors
