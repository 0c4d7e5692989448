"""What a group is a part of, where the same is so of more rows than it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.features.weights import as_rows
from auditkit_minoria.groups.evidence import Evidence
from auditkit_minoria.groups.reach import reaching
from auditkit_minoria.groups.tail import Tail
from auditkit_minoria.slices.conditions import members
from auditkit_minoria.slices.nearest import SIMPLE, nearest
from auditkit_minoria.slices.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.rule import Rule

MANY, TIMES = 0.5, 2.0
"""A pattern of more than this share of the rows is no minority's; a tail's is told if it has so many times its rows."""


def wider(rule: Rule, material: Material) -> str:
    """Return in a sentence the larger pattern that a rule's rows are a part of, and how to ask for it; "" for none."""
    if isinstance(rule, Slice) and rule.wider:
        levels = material.features.levels
        said = " and ".join(condition.in_words() for condition in rule.wider)
        return _sentence(said, float(members(rule.wider, levels.columns, levels.n).mean()), "")
    tail = rule.came_from if isinstance(rule, Slice) else rule
    return _of_tail(tail, rule.members(material.features), material) if isinstance(tail, Tail) else ""


def _of_tail(tail: Tail, own: NDArray[np.bool_], material: Material) -> str:
    """Return that the pattern reaches further in the tail's direction, if held-out rows agree."""
    loss, seen, points = material.loss, material.seen, material.features.matrix
    if loss is None or not seen.any():
        return ""
    weight = None if material.weight is None else as_rows(material.weight[seen])
    far = reaching(tail, points[seen], Evidence.of(loss[seen], weight)).members_of(points)
    share = float(far.mean())
    if share < TIMES * own.mean() or not _worse(far & ~own, material):
        return ""
    near = nearest(material.features.levels, far, material.mining)
    said = f"rows with about {near.said}" if near.f1 >= SIMPLE else "the rows farthest out in its direction"
    return _sentence(said, share, "" if share > MANY else f"; --tail {share:.2g} looks for them all")


def _worse(rows: NDArray[np.bool_], material: Material) -> bool:
    """Return whether these rows [n] lose more than all, by those held out: what the tail loses says nothing of them."""
    judges, weight = material.judges, material.weight
    both = rows & judges
    if material.loss is None or not both.any():
        return False
    own, of_all = (
        np.average(material.loss[which], weights=None if weight is None else weight[which])
        for which in (both, judges)
    )
    return bool(own > of_all)


def _sentence(said: str, share: float, then: str) -> str:
    size = ", which is no minority" if share > MANY else ""
    return f"It is part of a larger pattern{size}: {said} ({share:.0%} of all rows){then}."
