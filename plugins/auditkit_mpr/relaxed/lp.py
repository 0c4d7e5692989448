"""Algorithm 1: a linear program over the functions found so far, an oracle for the next one, until none is above rho.

A cut is a function c of the class: |mean of c over the list - its mean over the reference| <= rho. HiGHS solves the
program (through SciPy). The printed step 3 lacks sum a = k; it is here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import PluginError
from auditkit_mpr.relaxed.cone import ConeProblem, Relaxed
from auditkit_mpr.relaxed.top import top_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MAX_CUTS = 400
TIGHT = 1e-7
"""A cut broken by less than this is not added: the program's own feasibility tolerance."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Program:
    """The optimum over cuts: entries [n] in [0, 1], their value, and the signed price [j] of each cut."""

    entries: Floats
    value: float
    price: Floats


def program(similarities: Floats, cuts: Floats, means: Floats, *, k: int, limit: float) -> Program | None:
    """Return the optimum of max s'a, |cuts'a / k - means| <= limit, sum a = k, 0 <= a <= 1; None if there is none.

    `similarities` [n], `cuts` [n, j] and `means` [j].
    """
    both, ends, j = np.concatenate([cuts, -cuts], axis=1), np.concatenate([means, -means]), len(means)
    found = one_sided(similarities, both, ends, k=k, limit=limit)
    return None if found is None else replace(found, price=found.price[:j] - found.price[j:])


def one_sided(similarities: Floats, cuts: Floats, means: Floats, *, k: int, limit: float) -> Program | None:
    """Return the same where only cuts'a / k - means <= limit is asked: half the rows, and prices are not below 0."""
    from scipy.optimize import linprog

    solved: Any = linprog(
        -similarities,
        A_ub=cuts.T / k,
        b_ub=limit + means,
        A_eq=np.ones((1, len(similarities))),
        b_eq=[k],
        bounds=(0, 1),
        method="highs",
    )
    if solved.status == 2:
        return None
    if solved.status != 0:
        message = f"the linear program over {len(means)} cuts was not solved: {solved.message}"
        raise PluginError(message)
    price = np.maximum(-np.asarray(solved.ineqlin.marginals, dtype=np.float64), 0.0)
    return Program(entries=np.clip(solved.x, 0.0, 1.0), value=-float(solved.fun), price=price)


def least_of(
    cuts: Floats, means: Floats, *, k: int, most: Floats | None = None
) -> tuple[float, Floats, Floats]:
    """Return the least e with |cuts'a / k - means| <= e for a relaxed list of k, that list [n], and prices [j].

    No entry exceeds 1, or its own of `most` [n].
    """
    both, ends, j = np.concatenate([cuts, -cuts], axis=1), np.concatenate([means, -means]), len(means)
    least, entries, price = least_above(both, ends, k=k, most=most)
    return least, entries, price[:j] - price[j:]


def least_above(
    cuts: Floats, means: Floats, *, k: int, most: Floats | None = None
) -> tuple[float, Floats, Floats]:
    """Return the same where only cuts'a / k - means <= e is asked, e not below 0; prices are not below 0."""
    from scipy.optimize import linprog

    n, j = cuts.shape
    bounds: Any = np.column_stack([np.zeros(n + 1), np.append(np.ones(n) if most is None else most, np.inf)])
    cost = np.zeros(n + 1)
    cost[-1] = 1.0
    solved: Any = linprog(
        cost,
        A_ub=np.column_stack([cuts.T / k, -np.ones(j)]),
        b_ub=means,
        A_eq=np.append(np.ones(n), 0.0)[None, :],
        b_eq=[k],
        bounds=bounds,
        method="highs",
    )
    if solved.status != 0:
        message = f"the least gap over {j} cuts was not found: {solved.message}"
        raise PluginError(message)
    price = np.maximum(-np.asarray(solved.ineqlin.marginals, dtype=np.float64), 0.0)
    # The program keeps its rows to 1e-7 only: the bound gives that much away.
    return (
        max(float(solved.fun) - TIGHT, 0.0),
        np.clip(solved.x[:-1], 0.0, None),
        price / max(1.0, float(price.sum())),
    )


def cut_optimum(problem: ConeProblem, *, start: NDArray[np.int64], price: Floats | None = None) -> Relaxed:
    """Return the relaxed optimum of a ball of functions by cutting planes, a twin of `relaxed_optimum`.

    The oracle's function is the direction of the gap itself; the axes are the first cuts. Only items that are among
    the k most similar of those with equal rows can be in an optimum.
    """
    del start, price
    target, k, limit = problem.target, problem.k, problem.limit
    columns = foremost(problem.rows, problem.similarities, k)
    s, inside = problem.similarities[columns], problem.rows[columns]
    directions = np.eye(len(target))
    for _ in range(MAX_CUTS):
        found = program(s, inside @ directions.T, directions @ target, k=k, limit=limit)
        if found is None:
            break
        gap = found.entries @ inside / k - target
        length = float(np.linalg.norm(gap))
        if length <= limit + TIGHT:
            break
        directions = np.vstack([directions, gap / length])
    if found is None:  # a limit between the least relaxed gap and the program's tolerance
        nothing, free = np.zeros(len(columns)), np.zeros(len(target))
        bound = top_sum(problem.similarities, k)
        return Relaxed(columns=columns, entries=nothing, price=free, value=-np.inf, bound=bound)
    prices = found.price @ directions
    bound = max(problem.bound(prices), found.value)
    return Relaxed(columns=columns, entries=found.entries, price=prices, value=found.value, bound=bound)


def foremost(rows: NDArray[Any], similarities: Floats, k: int) -> NDArray[np.int64]:
    """Return the items [c] that are among the k most similar of those with equal rows [n, l], ascending.

    No function of the rows tells equal ones apart, so no list needs another item.
    """
    _, which = np.unique(rows, axis=0, return_inverse=True)
    which = which.reshape(-1)
    order = np.lexsort((np.arange(len(which)), -similarities, which))
    starts = np.flatnonzero(np.append(True, np.diff(which[order]) > 0))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return np.sort(order[rank < k])
