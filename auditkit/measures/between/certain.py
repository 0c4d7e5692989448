"""Which of many gaps are harm beyond doubt: those that stand after a correction for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.measures.between.corrections import levels
from auditkit.measures.bounds.many import p_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.measures.between.corrections import Correction
    from auditkit.measures.exact.sides import Side
    from auditkit.values.finding import Interval


def certain_gaps(
    values: Sequence[float],
    intervals: Sequence[Interval],
    worse: Sequence[Side],
    *,
    correction: Correction = "holm",
) -> tuple[bool, ...]:
    """Return, of m gaps with their intervals and worse sides, which exclude no harm at the level they are left.

    The family is all m; the level is one side of their confidence.
    """
    hopeful = [
        place
        for place, (interval, side) in enumerate(zip(intervals, worse, strict=True))
        if (interval.low > 0 if side == "above" else interval.high < 0)
    ]
    if not hopeful:
        return (False,) * len(values)
    found = p_values(
        [values[i] for i in hopeful],
        [intervals[i] for i in hopeful],
        [0.0] * len(hopeful),
        [worse[i] for i in hopeful],
    )
    # A p-value above the uncorrected level can be anything: no correction rejects it.
    whole = [*found, *[1.0] * (len(values) - len(hopeful))]
    alpha = (1 - max(intervals[i].confidence for i in hopeful)) / 2
    allowed = levels(whole, alpha, correction)
    certain = {i for i, p, level in zip(hopeful, found, allowed, strict=False) if p < level}
    return tuple(i in certain for i in range(len(values)))
