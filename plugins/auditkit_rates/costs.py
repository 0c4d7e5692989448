"""What `rates` is expected to take: rows are counted once for each cut, and figures are bounded group by group."""

from __future__ import annotations

from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

from auditkit import Cost, priced

if TYPE_CHECKING:
    from auditkit import Stats, Subject


MANY = 30
"""Groups past which, as with several classes, machine code of exact bounds is loaded."""


def cost(subject: Subject, stats: Stats) -> Cost | None:
    """Return the cost; None for a target that is a number, whose shuffles nobody has priced."""
    if subject.task == "regression":
        return None
    cuts, groups = len(_crossed(subject, stats)) + len(subject.groups), groups_at_most(subject, stats)
    classes = len(subject.classes)
    given = subject.pred is not None or subject.score is not None
    scored = subject.target is not None and (subject.score is not None or subject.model is not None)
    n = len(subject)
    return priced(
        "rates",
        {
            "rows": n,
            "rows x cuts": n * cuts,
            "scored rows x cuts": n * cuts if scored else 0,
            "groups": groups if classes <= 2 else 0,
            "many": classes > 2 or groups > MANY,
            "groups x classes": groups * classes if classes > 2 else 0,
        },
        predicts=not given,
    )


def groups_at_most(subject: Subject, stats: Stats) -> int:
    """Return how many groups the attributes, their intersections and the named groups have at most."""
    sizes = (min(size, subject.n_rows // stats.min_n + 1) for size in _crossed(subject, stats))
    return sum(sizes) + len(subject.groups)


def _crossed(subject: Subject, stats: Stats) -> list[int]:
    """Return how many groups each attribute, and each intersection, might have."""
    sizes = [len(grouping.labels) for grouping in subject.groupings]
    orders = range(1, min(stats.max_order, len(sizes)) + 1)
    return [prod(some) for order in orders for some in combinations(sizes, order)]
