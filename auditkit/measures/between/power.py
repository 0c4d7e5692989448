"""How many rows a group needs before a comparison can be expected to decide."""

from __future__ import annotations

import math

from auditkit.measures.special import ndtri


def rows_needed(
    pooled: float,
    *,
    gap: float = 0.1,
    share: float = 1.0,
    rest_rows: float = math.inf,
    alpha: float = 0.05,
    power: float = 0.8,
) -> int | None:
    """Return the rows a group needs so that a gap of `gap` to the rest is found with this power.

    `pooled` is the rate of everybody, in [0, 1]; `share` the share of a group's rows that the rate is taken
    over (of positives, for tpr); `rest_rows` the rows that the rest has of that condition. The test is the
    one-sided comparison of two proportions at level `alpha`; the group's rate is pooled + gap or
    pooled - gap, whichever needs more. Fleiss, Levin and Paik, Statistical Methods for Rates and
    Proportions, 3rd ed., 2003, section 4.3: unequal sizes, with the correction for continuity, solved for the
    group with the rest's size given. None if no number of rows is enough.
    """
    rates = [rate for rate in (pooled - gap, pooled + gap) if 0.0 <= rate <= 1.0]
    if share <= 0.0 or not rates:
        return None
    needed = [_condition_rows(rate, pooled, rest_rows=rest_rows, alpha=alpha, power=power) for rate in rates]
    # The small excess keeps 80.00000000001 rows from becoming 81.
    return None if math.inf in needed else math.ceil(max(needed) / share - 1e-9)


def _condition_rows(rate: float, rest: float, *, rest_rows: float, alpha: float, power: float) -> float:
    """Return the smallest size of the group at which gap = z_alpha se(no gap) + z_power se(gap)."""
    gap = abs(rate - rest)
    z_alpha, z_power = -float(ndtri(alpha)), float(ndtri(power))

    def excess(n: float) -> float:
        weight = n / (n + rest_rows) if math.isfinite(rest_rows) else 0.0
        common = weight * rate + (1.0 - weight) * rest
        null = common * (1.0 - common) * (1.0 / n + 1.0 / rest_rows)
        true = rate * (1.0 - rate) / n + rest * (1.0 - rest) / rest_rows
        return z_alpha * math.sqrt(null) + z_power * math.sqrt(true) - gap

    low, high = 1.0, 1e12
    if excess(high) > 0.0:
        return math.inf
    while high - low > 1e-6 * low:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return high / 4.0 * (1.0 + math.sqrt(1.0 + 2.0 * (1.0 + high / rest_rows) / (high * gap))) ** 2
