"""MOPR for a linear class: the relaxed optimum, exchanges to a list that keeps the limit, and the certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.answer import Answer, Limited
from auditkit_mpr.relaxed.cone import ConeProblem, Relaxed, relaxed_optimum
from auditkit_mpr.relaxed.swaps import Pool, repaired
from auditkit_mpr.relaxed.top import top, top_sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.relaxed.floor import Floor

POOL = 12
"""Items, in lists of k, that exchanges choose from: those with the best prices. More changed no result."""


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
    limited = Limited(Pool(similarities=similarities, rows=rows, target=target), floor, rho, method)
    best = top(similarities, k)
    if limited.kept(limited.whole.mpr(best)):
        return limited.answer(best, bound=top_sum(similarities, k))
    if k == len(rows) or not limited.kept(floor.lower_bound):
        return limited.answer(floor.chosen, bound=None)
    problem = ConeProblem(similarities, rows, target, k, rho)
    relaxed = solve(problem, start=floor.columns, price=price)
    return limited.answer(rounded(limited, relaxed), bound=relaxed.bound, price=relaxed.price)


def rounded(limited: Limited, relaxed: Relaxed) -> NDArray[np.int64]:
    """Return the best list that exchanges reach from the relaxed one, or from the list of least MPR."""
    whole, floor, k = limited.whole, limited.floor, limited.floor.k
    reduced = whole.similarities - whole.rows @ (relaxed.price / k)
    taken = relaxed.columns[relaxed.entries > 1e-6]
    columns = np.union1d(np.union1d(top(reduced, min(len(reduced), POOL * k)), taken), floor.chosen)
    pool = Pool(similarities=whole.similarities[columns], rows=whole.rows[columns], target=whole.target)
    entries = np.zeros(len(columns))
    entries[np.searchsorted(columns, taken)] = relaxed.entries[relaxed.entries > 1e-6]
    slope = float(np.linalg.norm(relaxed.price))
    found = repaired(pool, top(entries, k), limit=limited.rho, slope=slope)
    if not limited.kept(pool.mpr(found)):
        # The list of least MPR is a last resort: where it keeps the limit, exchanges only improve it.
        found = repaired(pool, np.searchsorted(columns, floor.chosen), limit=limited.rho, slope=slope)
    if not limited.kept(pool.mpr(found)) and floor.reached < pool.mpr(found):
        return floor.chosen
    return columns[found]
