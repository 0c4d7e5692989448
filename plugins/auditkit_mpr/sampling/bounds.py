"""What sampling theory says about an MPR value: how far the reference may mislead it, and how many rows that takes."""

from __future__ import annotations

import math


def printed_gap(m: float, rademacher: float, *, delta: float = 0.05) -> float:
    """Return Prop. 1 as printed: Rademacher complexity + sqrt(log(2 / delta) / (8 m)), for -1/+1 functions.

    Its proof applies the bound for functions of range 1 to c / 2 and then drops the factor 2 that leads back to
    c: both terms are too small. `sampling_gap` is what the argument proves.
    """
    return rademacher + math.sqrt(math.log(2 / delta) / (8 * m))


def sampling_gap(m: float, rademacher: float, *, width: float = 2.0, delta: float = 0.05) -> float:
    """Return what holds with probability 1 - delta: |MPR on m rows - MPR on their population| is at most this.

    2 Rademacher + width sqrt(log(2 / delta) / (2 m)) for functions whose values lie in an interval of `width`
    (symmetrisation and bounded differences; Mohri, Rostamizadeh & Talwalkar 2018, Thm 3.3).
    """
    return 2 * rademacher + width * math.sqrt(math.log(2 / delta) / (2 * m))


def finite_sampling_gap(m: float, count: int, *, delta: float = 0.05) -> float:
    """Return how far the shares of `count` groups among m rows can be off, all at once (Hoeffding)."""
    return math.sqrt(math.log(2 * count / delta) / (2 * m))


def vc_rademacher(vc: float, m: float) -> float:
    """Return the bound of eq. 20 on the Rademacher complexity of -1/+1 functions: sqrt(2 VC log(e m / VC) / m)."""
    return math.sqrt(2 * vc * math.log(math.e * m / vc) / m)


def printed_rows(vc: float, *, gap: float, queries: int = 1, delta: float = 0.05) -> int:
    """Return the rows that Prop. 2 (eq. 3) prints: 32 VC / gap^2 + log(2 queries / delta) / gap^2, rounded up.

    Prop. 1 as it is proven does not give it: at these rows twice the complexity of eq. 20 alone may exceed the gap.
    """
    return math.ceil(32 * vc / gap**2 + math.log(2 * queries / delta) / gap**2)


def rows_needed(vc: float, *, gap: float, queries: int = 1, delta: float = 0.05) -> int:
    """Return the least m at which `sampling_gap`, with eq. 20 and delta / queries, is at most `gap`.

    So what is promised beforehand is what the bound says afterwards. For -1/+1 functions of VC dimension `vc`.
    """

    def reached(m: int) -> bool:
        return sampling_gap(m, vc_rademacher(vc, m), delta=delta / queries) <= gap

    low = high = math.ceil(vc) + 1
    while not reached(high):
        low, high = high, 2 * high
    while low < high:  # the bound falls with m from m = VC on
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle + 1, high)
    return high
