"""MOPR for a linear class: the relaxed optimum, exchanges to a list that keeps the limit, and the certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.certificate import TOLERANCE, Certificate
from auditkit_mpr.relaxed.cone import Relaxed, relaxed_optimum
from auditkit_mpr.relaxed.swaps import Pool, repaired
from auditkit_mpr.relaxed.top import top, top_sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.reference.population import Floats
    from auditkit_mpr.relaxed.floor import Floor

POOL = 12
"""Items, in lists of k, that exchanges choose from: those with the best prices. More changed no result."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Answer:
    """The returned items [k], most similar first, their certificate, and the price [r] that proves its bound."""

    chosen: NDArray[np.int64]
    certificate: Certificate
    price: Floats | None = None


def mopr(
    similarities: Floats,
    floor: Floor,
    *,
    rho: float,
    method: str = "cone",
    solve: Callable[..., Relaxed] = relaxed_optimum,
    price: Floats | None = None,
) -> Answer:
    """Return k items that keep the limit rho at nearly the largest similarity, or those of least MPR found.

    `similarities` float64 [n] are those of the floor's items. `solve` finds the relaxed optimum.
    """
    k, rows, target = floor.k, floor.rows, floor.target
    whole = Pool(similarities=similarities, rows=rows, target=target)
    best = top(similarities, k)
    if whole.mpr(best) <= rho + TOLERANCE:
        return answer(whole, floor, best, rho=rho, method=method, bound=top_sum(similarities, k))
    if k == len(rows) or floor.lower_bound > rho + TOLERANCE:
        return answer(whole, floor, floor.chosen, rho=rho, method=method, bound=None)
    relaxed = solve(similarities, rows, target, k=k, limit=rho, start=floor.columns, price=price)
    chosen = rounded(whole, floor, relaxed, rho=rho)
    return answer(whole, floor, chosen, rho=rho, method=method, bound=relaxed.bound, price=relaxed.price)


def rounded(whole: Pool, floor: Floor, relaxed: Relaxed, *, rho: float) -> NDArray[np.int64]:
    """Return the best list that exchanges reach from the relaxed one, or from the list of least MPR."""
    k = floor.k
    reduced = whole.similarities - whole.rows @ (relaxed.price / k)
    taken = relaxed.columns[relaxed.entries > 1e-6]
    columns = np.union1d(np.union1d(top(reduced, min(len(reduced), POOL * k)), taken), floor.chosen)
    pool = Pool(similarities=whole.similarities[columns], rows=whole.rows[columns], target=whole.target)
    entries = np.zeros(len(columns))
    entries[np.searchsorted(columns, taken)] = relaxed.entries[relaxed.entries > 1e-6]
    slope = float(np.linalg.norm(relaxed.price))
    found = repaired(pool, top(entries, k), limit=rho, slope=slope)
    if pool.mpr(found) > rho + TOLERANCE:
        # The list of least MPR is a last resort: where it keeps the limit, exchanges only improve it.
        found = repaired(pool, np.searchsorted(columns, floor.chosen), limit=rho, slope=slope)
    if pool.mpr(found) > rho + TOLERANCE and floor.reached < pool.mpr(found):
        return floor.chosen
    return columns[found]


def answer(
    whole: Pool,
    floor: Floor,
    chosen: NDArray[np.int64],
    *,
    rho: float,
    method: str,
    bound: float | None,
    price: Floats | None = None,
    infeasible: bool = False,
) -> Answer:
    """Return the items with a certificate whose every number is computed from them anew."""
    ordered = chosen[np.lexsort((chosen, -whole.similarities[chosen]))]
    best = top(whole.similarities, floor.k)
    mpr = whole.mpr(ordered)
    certificate = Certificate(
        method=method,
        rho=rho,
        mpr=mpr,
        similarity=whole.similarity(ordered),
        top_mpr=whole.mpr(best),
        top_similarity=whole.similarity(best),
        similarity_bound=bound,
        mpr_lower_bound=floor.lower_bound,
        reachable=min(floor.reached, mpr),
        infeasible=infeasible or floor.lower_bound > rho + TOLERANCE,
    )
    return Answer(chosen=ordered, certificate=certificate, price=price)
