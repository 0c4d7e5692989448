"""A limit on lists of one query's items, and what answers it: a list with its certificate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditkit_mpr.relaxed.certificate import TOLERANCE, Certificate
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.relaxed.floor import Floor
    from auditkit_mpr.relaxed.swaps import Pool


@dataclass(frozen=True, eq=False, kw_only=True)
class Answer:
    """The returned items [k], most similar first, their certificate, and the price [r] that proves its bound."""

    chosen: NDArray[np.int64]
    certificate: Certificate
    price: Floats | None = None


def best_of(own: Answer, others: Iterable[Answer]) -> Answer:
    """Return an answer, or in its place the best of other limits' lists under its own limit.

    Within the limit that is the most similar list; where none keeps it, that of least MPR, and of these the most
    similar. All are measured alike, and the bounds stay the answer's own.
    """
    best, proof = own, own.certificate
    for other in others:
        if _better(other.certificate, best.certificate, proof.rho):
            best = other
    found = best.certificate
    reachable = min(proof.reachable, found.mpr)
    if best is own and reachable == proof.reachable:
        return own
    kept = found.mpr <= proof.rho + TOLERANCE
    certificate = replace(
        proof,
        mpr=found.mpr,
        similarity=found.similarity,
        prefixes=found.prefixes,
        reachable=reachable,
        least="" if kept else proof.least,
    )
    return replace(own, chosen=best.chosen, certificate=certificate)


def _better(one: Certificate, other: Certificate, rho: float) -> bool:
    """Whether one list is better than another under a limit."""
    excess, others = (max(proof.mpr - rho - TOLERANCE, 0.0) for proof in (one, other))
    if abs(excess - others) > TOLERANCE:
        return excess < others
    return one.similarity > other.similarity


@dataclass(frozen=True, eq=False)
class Limited:
    """The limit rho on lists of the floor's k out of a query's items, and the method that is to keep it."""

    whole: Pool
    floor: Floor
    rho: float
    method: str

    def kept(self, mpr: float) -> bool:
        """Return whether a list of this MPR keeps the limit."""
        return mpr <= self.rho + TOLERANCE

    def answer(
        self,
        chosen: NDArray[np.int64],
        *,
        bound: float | None,
        price: Floats | None = None,
        infeasible: bool = False,
        least: Literal["", "reached", "proven"] = "",
    ) -> Answer:
        """Return the items with a certificate whose every number is computed from them anew.

        `bound` is proven of the similarity sum of every list within the limit, None where no relaxation was solved.
        """
        whole, floor = self.whole, self.floor
        ordered = chosen[np.lexsort((chosen, -whole.similarities[chosen]))]
        best = top(whole.similarities, floor.k)
        mpr = whole.mpr(ordered)
        certificate = Certificate(
            method=self.method,
            rho=self.rho,
            mpr=mpr,
            similarity=whole.similarity(ordered),
            top_mpr=whole.mpr(best),
            top_similarity=whole.similarity(best),
            similarity_bound=bound,
            mpr_lower_bound=floor.lower_bound,
            reachable=mpr if least and not self.kept(mpr) else min(floor.reached, mpr),
            infeasible=infeasible or not self.kept(floor.lower_bound),
            least="" if self.kept(mpr) else least,
        )
        return Answer(chosen=ordered, certificate=certificate, price=price)
