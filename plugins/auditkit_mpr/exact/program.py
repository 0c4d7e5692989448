"""One program in whole numbers over counts: the most similar list whose counts keep linear rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.exact.cells import Ranked


@dataclass(frozen=True, eq=False, kw_only=True)
class Solved:
    """The counts [C] found, a bound on the similarity of every list within the rows, and how the program ended."""

    counts: NDArray[np.int64] | None
    bound: float
    status: Literal["solved", "infeasible", "stopped"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Rows:
    """low [j] <= matrix [j, C] @ counts <= high [j]."""

    matrix: Floats
    low: Floats
    high: Floats


def best_within(ranked: Ranked, rows: Rows, *, k: int, seconds: float) -> Solved:
    """Return the most similar list of k whose counts are within the rows.

    Only counts are whole: of a cell's items, each in [0, 1], the most similar are taken first by themselves.
    """
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint, milp

    cells, most = len(ranked.cells), ranked.most()
    owner = np.repeat(np.arange(cells), most)
    items = len(owner)
    linked = sparse.csr_array((np.ones(items), (owner, np.arange(items))), shape=(cells, items))
    counted = np.vstack([rows.matrix, np.ones((1, cells))])
    blocks: Any = [
        [linked, -sparse.eye_array(cells)],
        [sparse.csr_array((len(counted), items)), sparse.csr_array(counted)],
    ]
    matrix: Any = sparse.block_array(blocks, format="csr")
    nothing = np.zeros(cells)
    solved: Any = milp(
        np.concatenate([-np.concatenate(ranked.values), nothing]),
        integrality=np.concatenate([np.zeros(items), np.ones(cells)]),
        bounds=Bounds(0, np.concatenate([np.ones(items), most])),
        constraints=LinearConstraint(
            matrix, np.concatenate([nothing, rows.low, [k]]), np.concatenate([nothing, rows.high, [k]])
        ),
        options={"mip_rel_gap": 0.0, "time_limit": max(seconds, 0.01)},
    )
    if solved.status == 2:
        return Solved(counts=None, bound=-np.inf, status="infeasible")
    bound = np.inf if solved.mip_dual_bound is None else -float(solved.mip_dual_bound)
    counts = None if solved.x is None else np.rint(solved.x[items:]).astype(np.int64)
    if counts is not None and (counts.sum() != k or (counts < 0).any() or (counts > most).any()):
        counts = None
    return Solved(counts=counts, bound=bound, status="solved" if solved.status == 0 else "stopped")
