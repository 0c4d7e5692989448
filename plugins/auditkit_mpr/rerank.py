"""The library door for a live service: similarities, attributes, reference, k and rho in; items and certificate out.

prepared = prepare(attributes, reference)
for query in queries:
    answer = prepared.rerank(items @ query, k=50, rho=0.03)
    answer.chosen, answer.certificate.meets
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, UsageError
from auditkit_mpr.classes.limits.ball import BallLimits
from auditkit_mpr.classes.linear import LinearClass, linear_class
from auditkit_mpr.exact.reach import Reach, reach_of
from auditkit_mpr.methods.interface import Query
from auditkit_mpr.methods.registry import method_named
from auditkit_mpr.reference.population import population

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.relaxed.answer import Answer


@dataclass(frozen=True, eq=False)
class Prepared:
    """Items and reference, whitened once for every query and every rho. Safe to share between threads.

    What depends on k alone (the least reachable MPR) is found at the first use of that k and kept. Nothing
    depends on earlier queries: the same request has the same answer in any order and in any thread.
    """

    linear: LinearClass
    _reaches: dict[int, Reach] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def reach(self, k: int) -> Reach:
        """Return what lists of k can reach; raises UsageError unless 1 <= k <= n."""
        n = len(self.linear)
        if not 1 <= k <= n:
            message = f"k is {k}, but a list of 1 to {n:,} items can be made of {n:,} items"
            raise UsageError(message)
        with self._lock:
            if k not in self._reaches:
                self._reaches[k] = reach_of(*self.linear.at(k), k)
            return self._reaches[k]

    def rerank(self, similarities: ArrayLike, *, k: int, rho: float, method: str = "cone") -> Answer:
        """Return the k items and their certificate.

        `similarities` [n] finite, larger is better. `method`: cone (the relaxed optimum and exchanges), integer (the
        best list there is, with a proof, in minutes at worst), or another that needs similarities alone.
        """
        return self.sweep(similarities, k=k, rhos=(rho,), method=method)[0]

    def sweep(
        self, similarities: ArrayLike, *, k: int, rhos: Sequence[float], method: str = "cone"
    ) -> tuple[Answer, ...]:
        """Return one answer per rho, in order; each starts from the prices of the one before."""
        chosen = method_named(method)
        wanted = _checked(similarities, len(self.linear))
        query = Query(limits=BallLimits(wanted, self.reach(k)), similarities=wanted, k=k)
        for rho in rhos:
            if not 0 <= rho < np.inf:
                message = f"rho is {rho}, but MPR lies between 0 and 1"
                raise UsageError(message)
        return tuple(chosen.answer(query, rho) for rho in rhos)


def prepare(
    attributes: ArrayLike, reference: ArrayLike, *, weights: ArrayLike | None = None, intercept: bool = False
) -> Prepared:
    """Return the prepared pair of item attributes [n, l] and reference rows [m, l], weighted [m] or not.

    Numbers or booleans, none missing. Columns may be collinear. Raises DataError for parts that do not fit.
    """
    items, rows = _matrix(attributes, "attributes"), _matrix(reference, "reference")
    if items.shape[1] != rows.shape[1]:
        message = f"items have {items.shape[1]} attributes and the reference has {rows.shape[1]}"
        raise DataError(message)
    weight = None if weights is None else np.asarray(weights, dtype=np.float64)
    if weight is not None and (weight.shape != (len(rows),) or not _usable(weight)):
        message = f"reference weights must be {len(rows)} finite numbers, none below zero and not all zero"
        raise DataError(message)
    return Prepared(linear_class(items, population(rows, weight), intercept=intercept))


def rerank(
    similarities: ArrayLike,
    attributes: ArrayLike,
    reference: ArrayLike,
    *,
    k: int,
    rho: float,
    method: str = "cone",
) -> Answer:
    """Return k items whose MPR is at most rho at the least loss of similarity, and the certificate.

    One call for one query; a service prepares attributes and reference once with `prepare`, which takes weights too.
    """
    return prepare(attributes, reference).rerank(similarities, k=k, rho=rho, method=method)


def _matrix(values: ArrayLike, name: str) -> NDArray[Any]:
    matrix = np.asarray(values)
    if matrix.ndim != 2 or not matrix.size:
        message = f"{name} must be a table of rows and columns, not of shape {matrix.shape}"
        raise DataError(message)
    if matrix.dtype.kind not in "biuf":
        message = f"{name} must be numbers, not {matrix.dtype}; encode categories as zero-one columns"
        raise DataError(message)
    if matrix.dtype.kind == "f" and not np.isfinite(matrix).all():
        message = f"{name} have missing or infinite values"
        raise DataError(message)
    return matrix


def _checked(similarities: ArrayLike, n: int) -> Floats:
    wanted = np.asarray(similarities, dtype=np.float64)
    if wanted.shape != (n,):
        message = f"{n:,} items need {n:,} similarities, not an array of shape {wanted.shape}"
        raise DataError(message)
    if not np.isfinite(wanted).all():
        message = f"{int((~np.isfinite(wanted)).sum())} similarities are missing or infinite"
        raise DataError(message)
    return wanted


def _usable(weight: Floats) -> bool:
    return bool(np.isfinite(weight).all() and (weight >= 0).all() and weight.any())
