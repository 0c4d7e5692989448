"""The p-value and the bounds of a rate's change on the same rows, and of a gap's, from the rows that changed.

H0 'after - before <= t' has the larger of two p-values, as each alone is too small somewhere:

- Bonett and Price's (J. Educational and Behavioral Statistics 37, 2012): Wald's, with z²/4 rows added to both kinds of
  discordant rows (they add 1). Of 100 rows with a tenth lost and next to none gained it misses 5.8 % at 2.5 %;
- Tango's score (Statistics in Medicine 17, 1998), at the estimates restricted to a change of t. Of 100 rows it misses
  up to 5.0 %, where the other does not; the wider of the two misses 2.9 % at most, and is 1 % wider.

Errors that a rate has besides those of its rows, such as between training runs, widen the distance as squares. A gap's
two sides hold different rows, so their distances combine as those of independent estimates (MOVER).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.closed_forms.mover import hybrid
from auditkit.measures.special import ndtr, ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.closed_forms.mover import Bounds
    from auditkit.measures.exact.sides import Side

    Floats = NDArray[np.float64]

ONE = 6
"""Numbers of one rate: rows that neither prediction counts, that before alone does, after alone, both; two errors."""
_LOWEST, _HIGHEST = -8.0, 36.0
"""Normal quantiles of the one-sided levels that are told apart."""
_HALVINGS = 52


def paired_bound(basis: Floats, *, level: Floats, side: Side) -> Floats:
    """Return the one-sided bound [m] at levels [m] in (0, 1): the low one for 'above', the high one for 'below'.

    `basis` is [m, 6] of rates or [m, 12] of gaps, the group's numbers before the rest's.
    """
    return _end(basis, -ndtri(level), side)


def paired_p(basis: Floats, *, threshold: Floats, side: Side) -> Floats:
    """Return the p-value [m] of H0 'change <= threshold' ('above') or '>= threshold' ('below').

    It is the lowest level at which the bound clears the threshold, found by halving.
    """
    sign = 1.0 if side == "above" else -1.0

    def clears(z: Floats) -> NDArray[np.bool_]:
        cleared: NDArray[np.bool_] = sign * _end(basis, z, side) > sign * threshold
        return cleared

    low, high = (np.full(basis.shape[:-1], end) for end in (_LOWEST, _HIGHEST))
    always, ever = clears(high), clears(low)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        cleared = clears(middle)
        low, high = np.where(cleared, middle, low), np.where(cleared, high, middle)
    return np.where(always, 0.0, np.where(ever, ndtr(-low), 1.0))


def paired_bounds(basis: Floats, z: float) -> Bounds:
    """Return (low, high), each [...], of bases [..., 6] or [..., 12] at a normal quantile z >= 0.

    Without rows they are [-1, 1], for a gap NaN.
    """
    quantiles = np.full(basis.shape[:-1], z)
    return _end(basis, quantiles, "above"), _end(basis, quantiles, "below")


def _end(basis: Floats, z: Floats, side: Side) -> Floats:
    """Return the end of a rate's or a gap's change at normal quantiles z [m]; past level 1/2 it is the other end."""
    lowest = (z >= 0) == (side == "above")
    if basis.shape[-1] == ONE:
        return np.where(lowest, *_of_rate(basis, np.abs(z)))
    mine, theirs = basis[..., :ONE], basis[..., ONE:]
    low, high = hybrid(
        _change(mine), *_of_rate(mine, np.abs(z)), _change(theirs), *_of_rate(theirs, np.abs(z))
    )
    return np.clip(np.where(lowest, low, high), -2.0, 2.0)


def _of_rate(basis: Floats, z: Floats) -> Bounds:
    """Return (low, high) of each rate's change, within [-1, 1]; these without rows."""
    neither, lost, gained, both, *spread = np.moveaxis(basis, -1, 0)
    n, value = neither + lost + gained + both, np.nan_to_num(_change(basis))
    reach = z * np.hypot(*spread)
    below = value - np.minimum(_wald(n, lost, gained, z), _score(n, lost, gained, z))
    above = -value - np.minimum(_wald(n, gained, lost, z), _score(n, gained, lost, z))
    low = np.where(n > 0, value - np.hypot(below, reach), -1.0)
    high = np.where(n > 0, value + np.hypot(above, reach), 1.0)
    return np.clip(low, -1.0, 1.0), np.clip(high, -1.0, 1.0)


def _change(basis: Floats) -> Floats:
    n = basis[..., :4].sum(axis=-1)
    change: Floats = np.divide(basis[..., 2] - basis[..., 1], n, out=np.full(n.shape, np.nan), where=n > 0)
    return change


def _wald(n: Floats, lost: Floats, gained: Floats, z: Floats) -> Floats:
    """Return Bonett and Price's low end, never above the change itself."""
    added = z * z / 4
    total = np.maximum(n + 2 * added, np.finfo(np.float64).tiny)
    fewer, more = (lost + added) / total, (gained + added) / total
    centre = more - fewer
    error = np.sqrt(np.maximum(fewer + more - centre**2, 0.0) / total)
    return np.minimum(centre - z * error, np.divide(gained - lost, n, out=np.zeros_like(n), where=n > 0))


def _score(n: Floats, lost: Floats, gained: Floats, z: Floats) -> Floats:
    """Return Tango's low end: the lowest change at which the score is at most z."""
    high = np.divide(gained - lost, n, out=np.zeros_like(n), where=n > 0)
    low = np.full_like(high, -1.0)
    for _ in range(_HALVINGS):
        t = (low + high) / 2.0
        # The share of rows lost where a share t more is gained: the root of 2 n x² + b x - lost t (1 - t).
        b = (2 * n - gained + lost) * t - gained - lost
        root = np.sqrt(np.maximum(b * b + 8 * n * lost * t * (1 - t), 0.0))
        fewer = np.divide(root - b, 4 * n, out=np.zeros_like(n), where=n > 0)
        variance = n * np.maximum(2 * fewer + t * (1 - t), 0.0)
        beyond = gained - lost - n * t > z * np.sqrt(variance)
        low, high = np.where(beyond, t, low), np.where(beyond, high, t)
    return low
