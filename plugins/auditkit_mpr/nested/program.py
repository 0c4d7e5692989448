"""The linear program over nested lists: what no list whose prefixes all keep the limit exceeds in similarity.

    maximise s'(b_1 + ... + b_B)   subject to   b_j >= 0,   sum_j b_j <= 1 for every item,   sum of b_j = p_j - p_(j-1)
    and   |mean over b_1 + ... + b_l of every function of prefix l - its mean over the reference| <= limit

The first l blocks are the first p_l items. Functions are added while the optimum breaks them, items while their price
lets them in. Any prices u_l of the gaps and w_j of the blocks prove the bound

    sum over items of max(0, max_j(s - sum_(l >= j) u_l'row_l / p_l - w_j)) + sum_j w_j (p_j - p_(j-1))
    + sum_l (u_l'target_l + limit |u_l|)

with the length of u_l for linear functions and kernels, and the sum of its sizes for groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import PluginError
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.nested.prefixes import Prefixes

MAX_ROUNDS = 60
TIGHT = 1e-6
STALLED, PATIENCE = 1e-4, 5
"""Rounds end where the last ones lowered the bound by less than this share of it."""
PENALTY = 100.0
"""What breaking the limit by all of it costs, in spreads of similarity over the list: the program always has an
answer, and the bound holds whatever this is."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The entries [B, n] of every block at the optimum over the functions found, the bound, and the price of gaps."""

    entries: Floats
    bound: float
    slope: float


@dataclass(frozen=True, eq=False)
class _Solved:
    """Entries [B, c], how far the limit is broken, signed prices [j] of functions, and prices [B] of blocks."""

    entries: Floats
    broken: float
    prices: Floats
    blocks: Floats


def relaxed_nested(prefixes: Prefixes, *, limit: float, start: NDArray[np.int64]) -> Relaxed:
    """Return the relaxed optimum over all n items; `start` are items [c] of lists near the targets."""
    n, k = len(prefixes.similarities), prefixes.sizes[-1]
    columns = np.union1d(start, top(prefixes.similarities, min(n, 6 * k)))
    cuts: list[tuple[int, Floats]] = []
    bounds, slope, entries = [np.inf], 0.0, np.zeros((len(prefixes.each), n))
    for _ in range(MAX_ROUNDS):
        small = prefixes.among(columns)
        solved = _program(small, cuts, limit)
        price = [np.zeros(len(prefix.pool.target)) for prefix in prefixes.each]
        for (place, direction), size in zip(cuts, solved.prices, strict=True):
            price[place] += size * direction
        bound, wanted = _priced(prefixes, price, solved.blocks, limit)
        if bound < bounds[-1]:
            slope = float(sum(np.abs(one).sum() for one in price))
        bounds.append(min(bounds[-1], bound))
        entries = np.zeros((len(prefixes.each), n))
        entries[:, columns] = solved.entries
        fresh = _broken(small, solved.entries, limit)
        entering = np.setdiff1d(wanted, columns)
        stalled = len(bounds) > PATIENCE and bounds[-PATIENCE] - bounds[-1] <= STALLED * max(
            abs(bounds[-1]), 1e-9
        )
        if (not fresh and not len(entering)) or stalled:
            break
        cuts += fresh
        columns = np.union1d(columns, entering)
    return Relaxed(entries=entries, bound=bounds[-1], slope=slope)


def _program(small: Prefixes, cuts: list[tuple[int, Floats]], limit: float) -> _Solved:
    from scipy import sparse
    from scipy.optimize import linprog

    similarities, sizes = small.similarities, np.diff([0, *small.sizes])
    blocks, c = len(sizes), len(similarities)
    rows = []
    for place, direction in cuts:
        prefix = small.each[place]
        row = prefix.pool.rows @ direction / prefix.size
        rows.append(np.concatenate([np.tile(row, place + 1), np.zeros(c * (blocks - 1 - place)), [-1.0]]))
    once = sparse.hstack([*[sparse.eye_array(c)] * blocks, sparse.csr_array((c, 1))])
    parts = [once, *([sparse.csr_array(np.array(rows))] if rows else [])]
    ends = [limit + float(direction @ small.each[place].pool.target) for place, direction in cuts]
    spread = float(np.ptp(similarities)) * small.sizes[-1] or 1.0
    counted = sparse.hstack(
        [sparse.kron(sparse.eye_array(blocks), np.ones((1, c))), sparse.csr_array((blocks, 1))]
    )
    matrices: dict[str, Any] = {
        "A_ub": sparse.vstack(parts, format="csr"),
        "A_eq": sparse.csr_array(counted),
    }
    solved: Any = linprog(
        np.append(-np.tile(similarities, blocks), PENALTY * spread / max(limit, 0.01)),
        b_ub=np.concatenate([np.ones(c), ends]),
        b_eq=sizes.astype(np.float64),
        bounds=(0, None),
        method="highs",
        **matrices,
    )
    if solved.status != 0:
        message = f"the linear program over {blocks} prefixes was not solved: {solved.message}"
        raise PluginError(message)
    return _Solved(
        entries=np.clip(solved.x[:-1], 0.0, 1.0).reshape(blocks, c),
        broken=float(solved.x[-1]),
        prices=-np.asarray(solved.ineqlin.marginals[c:], dtype=np.float64),
        blocks=-np.asarray(solved.eqlin.marginals, dtype=np.float64),
    )


def _priced(
    prefixes: Prefixes, price: list[Floats], blocks: Floats, limit: float
) -> tuple[float, NDArray[np.int64]]:
    """Return the bound that these prices prove, and the items [c] that they let in."""
    paid = np.zeros(len(prefixes.similarities))
    best = np.full(len(paid), -np.inf)
    bound = float(np.diff([0, *prefixes.sizes]) @ blocks)
    for place in range(len(prefixes.each) - 1, -1, -1):
        prefix, own = prefixes.each[place], price[place]
        paid = paid + prefix.pool.rows @ (own / prefix.size)
        best = np.maximum(best, prefixes.similarities - paid - blocks[place])
        length = float(np.abs(own).sum() if prefix.pool.largest else np.linalg.norm(own))
        bound += float(own @ prefix.pool.target) + limit * length
    entering = top(best, min(len(best), 4 * prefixes.sizes[-1]))
    return bound + float(np.maximum(best, 0.0).sum()), entering[best[entering] > -1e-9]


def _broken(small: Prefixes, entries: Floats, limit: float) -> list[tuple[int, Floats]]:
    """Return the functions that break the limit: of a ball the direction of the gap, of groups the largest gaps."""
    found: list[tuple[int, Floats]] = []
    for place, prefix in enumerate(small.each):
        taken = entries[: place + 1].sum(axis=0)
        gap = taken @ prefix.pool.rows / prefix.size - prefix.pool.target
        if prefix.pool.largest:
            for group in np.argsort(-np.abs(gap))[:4]:
                if abs(gap[group]) > limit + TIGHT:
                    found.append((place, np.sign(gap[group]) * np.eye(len(gap))[group]))
        elif np.linalg.norm(gap) > limit + TIGHT:
            found.append((place, gap / np.linalg.norm(gap)))
    return found
