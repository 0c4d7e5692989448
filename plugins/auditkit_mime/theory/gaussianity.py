"""Is a sample Gaussian? Chi-square on bins that are equally probable under the fitted normal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc, chdtri, ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL, ROWS_PER_BIN, MOST_BINS, FEWEST_BINS = 0.05, 5, 15, 4


@dataclass(frozen=True)
class GoodnessOfFit:
    """The statistic, the value it may not reach at the 5 % level, the p-value and the number of bins."""

    statistic: float
    critical: float
    p_value: float
    bins: int

    @property
    def gaussian(self) -> bool:
        """Whether the sample may come from a normal distribution."""
        return self.statistic < self.critical


def bins_for(rows: int) -> int:
    """Return up to 15 bins with at least 5 rows each on average; below 4 nothing can be tested."""
    return min(MOST_BINS, rows // ROWS_PER_BIN)


def chi_square(values: NDArray[np.float64], bins: int) -> GoodnessOfFit:
    """Return the test of the values [n] against the normal with their mean and deviation (divisor n).

    Two fitted parameters cost two degrees of freedom, so there are bins - 3. Supplement, section E.
    `bins` is at least 4 and the values are not all equal.
    """
    inner = values.mean() + values.std() * ndtri(np.arange(1, bins) / bins)
    observed = np.bincount(np.searchsorted(inner, values), minlength=bins)
    expected = len(values) / bins
    statistic = float(((observed - expected) ** 2).sum() / expected)
    degrees = bins - 3
    return GoodnessOfFit(statistic, float(chdtri(degrees, LEVEL)), float(chdtrc(degrees, statistic)), bins)
