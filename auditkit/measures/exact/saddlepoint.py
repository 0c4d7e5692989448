"""Kernel: the tail of a weighted sum of independent proportions, whatever their number of rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from auditkit.measures.compiled.kernels import compiled
from auditkit.measures.exact.binomial_tails import lugannani_rice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64] | tuple[float, ...]


@compiled
def sum_at_least(value: float, weight: Floats, n: Floats, p: Floats, step: float) -> float:
    """Return P(sum of weight_c X_c / n_c >= value) of X_c ~ Binomial(n_c, p_c), each float64 [c].

    Lugannani and Rice's approximation with Daniels' second continuity correction for a lattice of this step.
    A sum that cannot vary is at least its value or is not.
    """
    middle = value - step / 2.0
    mean, variance, third = 0.0, 0.0, 0.0
    low, high = 0.0, 0.0
    for c in range(len(n)):
        spread = weight[c] ** 2 * p[c] * (1.0 - p[c]) / n[c]
        mean += weight[c] * p[c]
        variance += spread
        third += spread * weight[c] * (1.0 - 2.0 * p[c]) / n[c]
        if 0.0 < p[c] < 1.0:
            low, high = low + min(weight[c], 0.0), high + max(weight[c], 0.0)
        else:
            low, high = low + weight[c] * p[c], high + weight[c] * p[c]
    if middle <= low:
        return 1.0
    if middle >= high:
        return 0.0
    tilt, tilted = _saddlepoint(middle, weight, n, p)
    exponent = 0.0
    for c in range(len(n)):
        if 0.0 < p[c] < 1.0:
            exponent += _entropy(tilt * weight[c] / n[c], n[c], p[c])
    w = math.copysign(math.sqrt(2.0 * max(exponent, 0.0)), tilt)
    u = 2.0 * math.sinh(tilt * step / 2.0) / step * math.sqrt(tilted)
    return lugannani_rice(w, u, third / variance**1.5)


@compiled
def _saddlepoint(value: float, weight: Floats, n: Floats, p: Floats) -> tuple[float, float]:
    """Return the tilt at which the sum's mean is `value`, and its variance there: Newton within a bracket."""
    low, high, tilt, variance, longest = -math.inf, math.inf, 0.0, 0.0, math.inf
    for c in range(len(n)):
        # A step multiplies no odds by more than e^4, so that Newton does not leap to where nothing varies.
        longest = min(longest, 4.0 * n[c] / abs(weight[c]))
    for _ in range(100):
        mean, variance = 0.0, 0.0
        for c in range(len(n)):
            rate = _tilted(p[c], tilt * weight[c] / n[c])
            mean += weight[c] * rate
            variance += weight[c] ** 2 * rate * (1.0 - rate) / n[c]
        off = value - mean
        low, high = (tilt, high) if off > 0.0 else (low, tilt)
        ahead = tilt + min(max(off / variance, -longest), longest)
        if not low <= ahead <= high:
            ahead = (low + high) / 2.0
        if abs(ahead - tilt) <= 1e-12 * abs(tilt):
            break
        tilt = ahead
    return tilt, variance


@compiled
def _tilted(p: float, s: float) -> float:
    """Return the rate whose odds are e^s times those of p."""
    if s > 0.0:
        return p / (p + (1.0 - p) * math.exp(-s))
    grown = p * math.exp(s)
    return grown / (1.0 - p + grown)


@compiled
def _entropy(s: float, n: float, p: float) -> float:
    """Return n KL(p tilted by s || p) = s n p' - n log(1 - p + p e^s), without loss of small differences."""
    rate = _tilted(p, s)
    off = rate - p
    if rate <= 0.0 or rate >= 1.0:
        return -n * math.log(p if rate >= 1.0 else 1.0 - p)
    # Far from p the difference is not small, and rounded to all of p its logarithm would be infinite.
    up = math.log1p(off / p) if off > -0.5 * p else math.log(rate / p)
    down = math.log1p(-off / (1.0 - p)) if off < 0.5 * (1.0 - p) else math.log((1.0 - rate) / (1.0 - p))
    return n * (rate * up + (1.0 - rate) * down)
