"""How far a tail's pattern reaches: the cut of its direction that parts the rows best, whatever the tail's share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_minoria.groups.evidence import Evidence
    from auditkit_minoria.groups.tail import Tail

WIDE = 0.9
"""Share of the mass up to which a pattern is looked for."""


def reaching(tail: Tail, points: NDArray[np.float64], evidence: Evidence) -> Tail:
    """Return the tail of the same direction and side that has most evidence, or the tail itself where none has more.

    points are float64 [n, d] of the rows that the evidence is of. All cuts are tried, in one pass over the rows from
    the far end; rows with equal projections are on one side.
    """
    far = points @ tail.direction * (1 if tail.side == "upper" else -1)
    order = np.argsort(-far, kind="stable")
    if len(order) < 2:
        return tail
    excess = np.cumsum(evidence.terms[order])[:-1]
    mass = np.arange(1.0, len(order)) if evidence.weight is None else np.cumsum(evidence.weight[order])[:-1]
    apart = far[order][:-1] > far[order][1:]
    allowed = apart & (excess > 0) & (mass > 0) & (mass <= WIDE * evidence.whole)
    if not allowed.any():
        return tail
    spread = np.where(allowed, mass * (1 - mass / evidence.whole), 1.0)
    z2 = np.where(allowed, excess**2 / spread, -np.inf) / evidence.variance
    last = int(z2.argmax())
    if z2[last] <= evidence.z2(tail.members_of(points)):
        return tail
    cut = float(far[order[last]])
    return replace(tail, threshold=cut if tail.side == "upper" else -cut, widest=1.0)
