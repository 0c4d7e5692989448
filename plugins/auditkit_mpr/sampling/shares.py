"""What a share in a sample says of the share behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv

if TYPE_CHECKING:
    from auditkit_mpr.arrays import Floats


def share_bounds(shares: Floats, m: float, level: float) -> tuple[Floats, Floats]:
    """Return the least and the largest shares [g] behind those of m rows, each end wrong with a chance of `level`.

    Clopper and Pearson (1934); with weights m is Kish's effective number. A group without a row is not known to be
    absent: its share may be as large as 1 - level ** (1 / m).
    """
    inside = np.clip(shares, 0.0, 1.0) * m
    outside = m - inside
    low = betaincinv(np.maximum(inside, 1e-300), outside + 1.0, level)
    high = betaincinv(inside + 1.0, np.maximum(outside, 1e-300), 1.0 - level)
    return np.where(inside > 0, low, 0.0), np.where(outside > 0, high, 1.0)


def farthest(listed: Floats, shares: Floats, m: float, level: float) -> float:
    """Return the largest gap that the listed shares [g] may have to the shares behind the reference's [g].

    All groups at once, and so for every list, also for one that was chosen with this reference in view.
    """
    low, high = share_bounds(shares, m, level / (2 * max(len(shares), 1)))
    return float(np.maximum(np.abs(listed - low), np.abs(listed - high)).max(initial=0.0))


def apart_widths(listed: Floats, shares: Floats, k: int, unit: float) -> Floats:
    """Return the standard error [g] of the gap of shares of k rows to those of 1 / `unit` others, not pooled.

    Half a row on either side of every share keeps one that was not seen from counting as certain.
    """
    theirs = (shares + unit / 2) / (1.0 + unit)
    ours = (listed * k + 0.5) / (k + 1.0)
    found: Floats = np.sqrt(ours * (1.0 - ours) / k + theirs * (1.0 - theirs) * unit)
    return np.maximum(found, 1.0 / k + unit)
