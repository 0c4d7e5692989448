"""The relaxed problem through CVXPY and Clarabel: the paper's App. D.1 as written, and the oracle of `cone`."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from auditkit import PluginError
from auditkit_mpr.relaxed.cone import ConeProblem, Relaxed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats


def clarabel_optimum(
    problem: ConeProblem, *, start: NDArray[np.int64], price: Floats | None = None
) -> Relaxed:
    """Return the optimum over all n items at once; `start` and `price` are those of `relaxed_optimum`, unused.

    Raises PluginError without CVXPY, or where Clarabel does not solve the problem.
    """
    del start, price
    try:
        import cvxpy
    except ImportError as error:
        message = 'method qp needs CVXPY: pip install "fair-auditkit[retrieval]"'
        raise PluginError(message) from error
    similarities, k = problem.similarities, problem.k
    entries = cvxpy.Variable(len(similarities))
    cone = cvxpy.SOC(cvxpy.Constant(problem.limit), problem.rows.T @ entries / k - problem.target)
    within = [cone, cvxpy.sum(entries) == k, entries >= 0, entries <= 1]
    stated = cvxpy.Problem(cvxpy.Maximize(similarities @ entries), within)
    with warnings.catch_warnings():
        # Near a degenerate limit Clarabel ends a little early and CVXPY warns: the entries are only where exchanges
        # start, and the bound below is proven by whatever dual it found.
        warnings.filterwarnings("ignore", message="Solution may be inaccurate", category=UserWarning)
        stated.solve(solver="CLARABEL")
    if entries.value is None:
        message = f"Clarabel did not solve the problem (status {stated.status}); use method cone"
        raise PluginError(message)
    taken = np.clip(np.asarray(entries.value, dtype=np.float64), 0.0, 1.0)
    dual = np.asarray(cone.dual_value[1], dtype=np.float64).reshape(-1)
    # Which sign the dual carries depends on the solver's convention; either proves a bound, one of them a tight one.
    bound, side = min((problem.bound(side * dual), side) for side in (1.0, -1.0))
    return Relaxed(
        columns=np.arange(len(taken)),
        entries=taken,
        price=side * dual,
        value=float(similarities @ taken),
        bound=bound,
    )
