"""One query under a limit, for each kind of class: lists that keep it, and a certificate for any list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from auditkit import UsageError
from auditkit_mpr.classes.named import Ball, Fitted, Groups
from auditkit_mpr.reference.intersections import memberships
from auditkit_mpr.relaxed.certificate import TOLERANCE, Certificate
from auditkit_mpr.relaxed.floor import Floor, floor_of
from auditkit_mpr.relaxed.lp import cut_optimum, foremost, grown, least_of, program
from auditkit_mpr.relaxed.mopr import Answer, answer, mopr
from auditkit_mpr.relaxed.swaps import Pool, least_exchanged, repaired
from auditkit_mpr.relaxed.top import top, top_sum

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from auditkit_mpr.classes.named import FunctionClass
    from auditkit_mpr.reference.population import Floats
    from auditkit_mpr.run.problem import Candidates

MAX_FITS = 25
"""Functions that are fitted for one limit: the paper's runs used 10 to 30."""


class Solver(Protocol):
    """One query's candidates under limits on one class. Positions are among the candidates."""

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the MPR of a list."""
        ...

    def solve(self, rho: float, method: str) -> Answer:
        """Return a list that keeps the limit, or the one of least MPR that was found."""
        ...

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return any list with the certificate of how it stands to the limit."""
        ...


@dataclass(eq=False)
class BallSolver:
    """Linear functions and kernels."""

    similarities: Floats
    floor: Floor
    seconds: float = 60.0
    _bounds: dict[float, float | None] = field(default_factory=dict, repr=False)
    _price: Floats | None = None

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the MPR of a list."""
        return self._pool().mpr(chosen)

    def solve(self, rho: float, method: str) -> Answer:
        """Return the list of this method; `cone` starts from the price of the limit before."""
        match method:
            case "lp":
                found = mopr(self.similarities, self.floor, rho=rho, method="lp", solve=cut_optimum)
            case "qp":
                from auditkit_mpr.relaxed.qp import clarabel_optimum

                found = mopr(self.similarities, self.floor, rho=rho, method="qp", solve=clarabel_optimum)
            case "integer":
                from auditkit_mpr.relaxed.integer import integer_optimum

                found = integer_optimum(self.similarities, self.floor, rho=rho, seconds=self.seconds)
            case "cone":
                found = mopr(self.similarities, self.floor, rho=rho, price=self._price)
                self._price = found.price
                self._bounds[rho] = found.certificate.similarity_bound
            case _:
                raise _unknown(method, "linear functions and kernels", ("cone", "lp", "qp", "integer"))
        return found

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return the list with its certificate; the bound is that of the relaxed optimum."""
        if rho not in self._bounds:
            self.solve(rho, "cone")
        return answer(self._pool(), self.floor, chosen, rho=rho, method=method, bound=self._bounds[rho])

    def _pool(self) -> Pool:
        return Pool(similarities=self.similarities, rows=self.floor.rows, target=self.floor.target)


@dataclass(eq=False)
class GroupSolver:
    """Named groups and their intersections: every group is a cut from the start, so the program is exact."""

    similarities: Floats
    inside: Floats
    shares: Floats
    k: int
    seconds: float = 60.0
    _kept: dict[float, Answer] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._columns = foremost(self.inside, self.similarities, self.k)
        self._pool = Pool(similarities=self.similarities, rows=self.inside, target=self.shares, largest=True)
        bound, entries = least_of(self.inside[self._columns], self.shares, k=self.k)
        start = self._columns[top(entries, self.k)]
        reached = self._columns[least_exchanged(self._small(), np.searchsorted(self._columns, start))]
        self._floor = Floor(
            k=self.k, rows=self.inside, target=self.shares, columns=self._columns, lower_bound=bound,
            chosen=reached, reached=self._pool.mpr(reached),
        )  # fmt: skip

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the largest gap of shares."""
        return self._pool.mpr(chosen)

    def solve(self, rho: float, method: str) -> Answer:
        """Return the exact relaxed optimum repaired by exchanges, or with `integer` the best list, proven."""
        match method:
            case "integer":
                return self._exact(rho)
            case "lp":
                if rho not in self._kept:
                    self._kept[rho] = self._relaxed(rho)
                return self._kept[rho]
        raise _unknown(method, "groups", ("lp", "integer"))

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return the list with its certificate."""
        bound = self.solve(rho, "lp").certificate.similarity_bound
        return answer(self._pool, self._floor, chosen, rho=rho, method=method, bound=bound)

    def _relaxed(self, rho: float) -> Answer:
        best = top(self.similarities, self.k)
        if self._pool.mpr(best) <= rho + TOLERANCE:
            return self._answered(best, rho, top_sum(self.similarities, self.k))
        small = self._small()
        found = program(small.similarities, small.rows, small.target, k=self.k, limit=rho)
        if found is None or self._floor.lower_bound > rho + TOLERANCE:
            return self._answered(self._floor.chosen, rho, None)
        slope = float(np.abs(found.price).sum())
        chosen = repaired(small, top(found.entries, self.k), limit=rho, slope=slope)
        if small.mpr(chosen) > rho + TOLERANCE:
            least = np.searchsorted(self._columns, self._floor.chosen)
            chosen = repaired(small, least, limit=rho, slope=slope)
        # HiGHS keeps rows to 1e-7; prices turn that into similarity.
        bound = found.value + 1e-7 * (1.0 + slope)
        return self._answered(self._columns[chosen], rho, bound)

    def _exact(self, rho: float) -> Answer:
        from scipy.optimize import Bounds, LinearConstraint, milp

        small, known = self._small(), self.solve(rho, "lp")
        rows = np.vstack([small.rows.T / self.k, np.ones(len(self._columns))])
        edge = rho + TOLERANCE / 2
        solved = milp(
            -small.similarities,
            integrality=np.ones(len(self._columns), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(
                rows, np.append(small.target - edge, self.k), np.append(small.target + edge, self.k)
            ),
            options={"time_limit": self.seconds, "mip_rel_gap": 1e-9},
        )
        if solved.status == 2 and not known.certificate.meets:
            return answer(
                self._pool, self._floor, self._floor.chosen, rho=rho, method="integer", bound=None,
                infeasible=True,
            )  # fmt: skip
        chosen = known.chosen
        if solved.x is not None:
            listed = self._columns[np.flatnonzero(solved.x > 0.5)]
            better = self._pool.similarity(listed) >= self._pool.similarity(chosen)
            if self.mpr(listed) <= rho + TOLERANCE and (better or not known.certificate.meets):
                chosen = listed
        bound = -solved.mip_dual_bound if solved.mip_dual_bound is not None else None
        if bound is not None and self.mpr(chosen) <= rho + TOLERANCE:
            bound = max(float(bound), self._pool.similarity(chosen))
        return answer(self._pool, self._floor, chosen, rho=rho, method="integer", bound=bound)

    def _answered(self, chosen: NDArray[np.int64], rho: float, bound: float | None) -> Answer:
        return answer(self._pool, self._floor, chosen, rho=rho, method="lp", bound=bound)

    def _small(self) -> Pool:
        columns = self._columns
        return Pool(
            similarities=self.similarities[columns],
            rows=self.inside[columns],
            target=self.shares,
            largest=True,
        )


@dataclass(eq=False)
class FittedSolver:
    """Trees, networks and other regressors: algorithm 1, and exchanges on the functions that it found.

    A list is measured by a fit of its own. Where the fit shows more than the limit its function becomes a cut, and the
    exchanges go on. What no fit shows is not known to be absent: certificates say so.
    """

    similarities: Floats
    k: int
    oracle: Callable[[Floats], tuple[float, Floats, float]]
    _values: dict[bytes, float] = field(default_factory=dict, repr=False)
    _bounds: dict[float, tuple[float | None, float]] = field(default_factory=dict, repr=False)

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the gap that a fit shows for a list."""
        return self._shown(chosen)[0]

    def solve(self, rho: float, method: str) -> Answer:
        """Return the first list for which no fit shows more than the limit, or the least shown of all tried."""
        if method != "lp":
            raise _unknown(method, "fitted functions", ("lp",))
        cuts, means, last = grown(self.similarities, k=self.k, limit=rho, oracle=self.oracle, cuts=MAX_FITS)
        least = least_of(cuts, means, k=self.k)[0] if len(means) else 0.0
        if last is None:
            self._bounds[rho] = (None, least)
            entries = least_of(cuts, means, k=self.k)[1]
        else:
            slope = float(np.abs(last.price).sum())
            self._bounds[rho] = (last.value + 1e-7 * (1.0 + slope), least)
            entries = last.entries
        chosen, tried = top(entries, self.k), []
        for _ in range(MAX_FITS):
            value, function, mean = self._shown(chosen)
            tried.append((value, chosen))
            if value <= rho + TOLERANCE:
                break
            cuts, means = np.column_stack([cuts, function]), np.append(means, mean)
            pool = Pool(similarities=self.similarities, rows=cuts, target=means, largest=True)
            chosen = repaired(pool, chosen, limit=rho, slope=1.0)
            if any(np.array_equal(np.sort(chosen), np.sort(before)) for _, before in tried):
                break
        chosen = min(tried, key=lambda pair: max(pair[0], rho))[1]
        return self._certified(chosen, rho, method)

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return the list with what a fit shows."""
        if rho not in self._bounds:
            self.solve(rho, "lp")
        return self._certified(chosen, rho, method)

    def _certified(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        best, value = top(self.similarities, self.k), self.mpr(chosen)
        bound, least = self._bounds[rho]
        ordered = chosen[np.lexsort((chosen, -self.similarities[chosen]))]
        proof = Certificate(
            method=method,
            rho=rho,
            mpr=value,
            similarity=float(self.similarities[chosen].sum()),
            top_mpr=self.mpr(best),
            top_similarity=float(self.similarities[best].sum()),
            similarity_bound=bound,
            mpr_lower_bound=least,
            reachable=min(value, *self._values.values()),
            infeasible=least > rho + TOLERANCE,
            heuristic=True,
        )
        return Answer(chosen=ordered, certificate=proof)

    def _shown(self, chosen: NDArray[np.int64]) -> tuple[float, Floats, float]:
        entries = np.zeros(len(self.similarities))
        entries[chosen] = 1.0
        value, function, mean = self.oracle(entries)
        self._values[np.sort(chosen).tobytes()] = value
        return value, function, mean


def _unknown(method: str, what: str, known: Sequence[str]) -> UsageError:
    return UsageError(f"there is no method '{method}' for {what}; known: {', '.join(known)}")


def solver_of(
    one: FunctionClass, candidates: Candidates, *, k: int, floors: dict[int, Floor], seconds: float
) -> Solver:
    """Return the solver of a class on one query's candidates; `floors` keeps the floor that queries share."""
    match one:
        case Ball():
            if not candidates.shared or k not in floors:
                floor = floor_of(one.linear(candidates), k)
                if candidates.shared:
                    floors[k] = floor
            else:
                floor = floors[k]
            return BallSolver(candidates.similarities, floor, seconds)
        case Groups():
            return GroupSolver(
                candidates.similarities,
                memberships(one.groups, candidates.codes).astype(np.float64),
                one.reference_shares(candidates.reference),
                k,
                seconds,
            )
        case Fitted():
            shares = candidates.reference.population.shares

            def oracle(entries: Floats) -> tuple[float, Floats, float]:
                found = one.witness(candidates, entries)
                return found.value, found.items, float(shares @ found.reference)

            return FittedSolver(candidates.similarities, k, oracle)
    message = f"no solver for class {one.name}"
    raise TypeError(message)
