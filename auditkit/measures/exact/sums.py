"""The p-value and the bounds of a weighted sum of independent proportions, right for rare rates.

H0 'sum <= t' has the larger of two p-values: that of Wilson's bounds combined (MOVER: Zou and Donner,
Statistics in Medicine 27, 2008), and the chance of so large a sum at the most likely rates whose sum is t.
The chance is a saddlepoint tail, with half of the coarsest step that one event makes as the correction for
continuity. Counts need not be whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.compiled.pace import at_its_pace
from auditkit.measures.exact.sum_bounds import many_bounds, many_p
from auditkit.measures.special import ndtri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from auditkit.measures.exact.sides import Side

    Floats: TypeAlias = NDArray[np.float64]


def sum_p(x: ArrayLike, n: ArrayLike, *, weight: Sequence[float], threshold: ArrayLike, side: Side) -> Floats:
    """Return the p-value of H0 'sum of weight_c x_c / n_c <= threshold' ('above') or '>=' ('below').

    Counts float64 [..., c], c weights that are not 0; the p-value is [...]. p < level exactly when
    sum_bound(level) lies strictly beyond the threshold. 1 where an n is 0.
    """
    shape, events, rows, t = _flat(x, n, threshold)
    sign = 1.0 if side == "above" else -1.0
    signed = sign * np.asarray(weight, dtype=np.float64)
    found = at_its_pace(many_p, signed, events, rows, sign * t, np.empty(len(signed)), np.empty(len(t)))
    return found.reshape(shape)


def sum_bound(x: ArrayLike, n: ArrayLike, *, weight: Sequence[float], level: ArrayLike, side: Side) -> Floats:
    """Return the one-sided bound at a level in (0, 1): the low one for 'above', the high one for 'below'.

    Where an n is 0 it is the least, or the largest, sum that there can be.
    """
    shape, events, rows, level = _flat(x, n, level)
    sign, z = (1.0 if side == "above" else -1.0), -ndtri(level)
    signed = sign * np.asarray(weight, dtype=np.float64)
    rates, found = np.empty(len(signed)), np.empty(len(z))
    bounds = at_its_pace(many_bounds, signed, events, rows, level, z, rates, found)
    return sign * bounds.reshape(shape)


def _flat(x: ArrayLike, n: ArrayLike, at: ArrayLike) -> tuple[tuple[int, ...], Floats, Floats, Floats]:
    """Return the common shape before the last axis, and the arrays broadcast to it in one dimension."""
    events, rows = np.broadcast_arrays(x, n)
    shape, c = np.broadcast_shapes(events.shape[:-1], np.shape(at)), events.shape[-1]
    # Copies: the kernels take writable arrays in C order.
    events, rows = (
        np.array(np.broadcast_to(one, (*shape, c)), np.float64, order="C") for one in (events, rows)
    )
    return (
        shape,
        events.reshape(-1, c),
        rows.reshape(-1, c),
        np.array(np.broadcast_to(at, shape), np.float64).ravel(),
    )
