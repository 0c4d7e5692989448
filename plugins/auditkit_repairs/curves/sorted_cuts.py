"""The best cut of each group without chance: windows of rates slid over the sorted cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_repairs.curves.points import values
from auditkit_repairs.curves.range_max import RangeMax
from auditkit_repairs.curves.two_rates import Found, best_in_two_rates, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_repairs.curves.points import Aim, Curve, Keep

    Floats = NDArray[np.float64]


def best_cuts(curves: tuple[Curve, ...], *, aim: Aim, gap: float, keep: Keep) -> Found:
    """Return the place of each group's cut: rates within `gap` of each other, and the highest sum of values.

    One rate: by every window [s, s + gap] that begins at a cut. Two rates of two groups: by all cuts of the first. Two
    rates of more groups: by a search that ends with a proof. Of equals the first is taken, the one that selects least;
    the search takes the same one every time.
    """
    worth = values(curves, keep)
    rates = [np.column_stack(curve.rates(aim)) for curve in curves]
    if rates[0].shape[1] == 1:
        return Found(places=_in_one_rate(rates, worth, gap))
    if len(curves) == 2:
        return Found(places=_pair(rates, worth, gap))
    return best_in_two_rates(rates, worth, gap)


def _in_one_rate(rates: Sequence[Floats], worth: Sequence[Floats], gap: float) -> tuple[int, ...]:
    """Return the best cuts in one rate: the best of each group in every window, and of the windows the best."""
    starts = np.unique(np.concatenate(rates))[:, None]
    total, places = np.zeros(len(starts)), []
    for rate, value in zip(rates, worth, strict=True):
        place = RangeMax.of(value).place(*within(rate, starts, starts + gap))
        total += np.where(place < 0, -np.inf, value[place])
        places.append(place)
    start = int(total.argmax())
    return tuple(int(place[start]) for place in places)


def _pair(rates: Sequence[Floats], worth: Sequence[Floats], gap: float) -> tuple[int, ...]:
    """Return the best cuts of two groups in two rates: for every cut of the first, the best of the second near it."""
    second = RangeMax.of(worth[1]).place(*within(rates[1], rates[0] - gap, rates[0] + gap))
    first = int((worth[0] + np.where(second < 0, -np.inf, worth[1][second])).argmax())
    return first, int(second[first])
