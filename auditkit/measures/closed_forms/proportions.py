"""Score intervals of rates and of differences of rates, over whole arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.closed_forms.mover import hybrid
from auditkit.measures.closed_forms.quantiles import student_quantile
from auditkit.measures.exact.proportion import score_bound

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from auditkit.measures.closed_forms.mover import Bounds


def wilson(x: ArrayLike, n: ArrayLike, confidence: float = 0.95, *, degrees: ArrayLike = np.inf) -> Bounds:
    """Return Wilson's score interval of x successes in n rows, each [...]; [0, 1] where n is 0.

    Wilson, JASA 22, 1927. n may be an effective number of rows, so neither needs to be whole. Where n itself was
    estimated, `degrees` [...] of freedom take Student's quantile in place of the normal one.
    """
    z = student_quantile(confidence, degrees)
    return score_bound(x, n, z), score_bound(x, n, -z)


def newcombe(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    confidence: float = 0.95,
    *,
    degrees: tuple[ArrayLike, ArrayLike] = (np.inf, np.inf),
) -> Bounds:
    """Return the hybrid score interval of x1 / n1 - x2 / n2, each [...]; [-1, 1] where an n is 0.

    Newcombe, Statistics in Medicine 17, 1998, method 10. `degrees` [...] of freedom are each side's, as for `wilson`.
    """
    low1, high1 = wilson(x1, n1, confidence, degrees=degrees[0])
    low2, high2 = wilson(x2, n2, confidence, degrees=degrees[1])
    low, high = hybrid(_rate(x1, n1), low1, high1, _rate(x2, n2), low2, high2)
    known = (np.asarray(n1) > 0) & (np.asarray(n2) > 0)
    low, high = np.where(known, low, -1.0), np.where(known, high, 1.0)
    return np.clip(low, -1.0, 1.0), np.clip(high, -1.0, 1.0)


def _rate(x: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    rate: NDArray[np.float64] = np.divide(x, n, out=np.zeros(np.broadcast(x, n).shape), where=n > 0)
    return rate
