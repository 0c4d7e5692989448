"""The steps `mpr` and `mopr`: light, so that every start of the program can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Audit, Repair
from auditkit_mpr.metrics import (
    BOUND,
    CEILING,
    EXPOSURE,
    EXPOSURE_GAP,
    LEAST_EXPOSED,
    LOWER,
    MPR,
    NDCG,
    PAPER,
    PRECISION,
    REACHABLE,
    RECALL,
    SHOWN,
    SIMILARITY,
)
from auditkit_mpr.params import EMBEDDINGS, MoprParams, RetrievalParams

if TYPE_CHECKING:
    from auditkit import Context, Cost, Finding, Repaired, Stats, Subject, Table, Vectors
    from auditkit_mpr.run.asked.files import Files

MEASURED = (
    "A result list of k items is compared with a reference population of m rows: MPR is the largest difference between "
    "the means of one function over the list and over the reference, for a class of functions of the attributes. "
    "Linear functions are measured in closed form on the numerical rank of the attributes; named groups and all their "
    "intersections by counting; kernels as maximum mean discrepancy, with 1/m² on the reference term where the paper "
    "prints 1/n²; trees, networks and other regressors by fitting, which gives a lower bound. What is "
    "shown of MPR stands beside it with an interval: fitted functions are measured on rows that their fit did not see; "
    "the low end is above 0 only where lists drawn by lot have a smaller gap (a permutation test, inverted because a "
    "largest difference is biased upward), the high end bounds the gap to the population behind the reference for "
    f"every list at once, with the scale of the functions held fixed ({PAPER})."
)
REPAIRED = (
    "The list of k items with the largest similarity whose MPR is at most rho. Linear functions and kernels: the "
    "relaxed problem is a second-order cone program, solved by an interior-point method on few columns and "
    "priced over all items, which proves the bound; best single exchanges then turn it into a list that keeps "
    "the limit. lp is the paper's cutting-plane algorithm, for every class; qp the same cone through CVXPY; "
    "integer proves the best list. mmr, pbm, clipclip and topk are the baselines of the paper's appendix E. MPR, "
    "similarity and limit are computed anew from the list that is returned: where it does not keep the limit, "
    f"the result says so, with the least MPR that was reached and a proven lower bound ({PAPER}, algorithm 1)."
)


def memory_of(vectors: Vectors, params: RetrievalParams) -> int:
    """Return the bytes that vectors take: measured, as an attribute six times what they take as float64."""
    if EMBEDDINGS in params.attributes:
        return 6 * vectors.bytes + 4 * vectors.square
    return 2 * vectors.bytes if params.nearest else 0


class Mpr(Audit[RetrievalParams]):
    """How far result lists are from proportional representation, for which group, and how sure that is."""

    name = "mpr"
    title = "Representation in result lists"
    method = MEASURED
    Params = RetrievalParams
    metrics = (
        MPR,
        SHOWN,
        CEILING,
        SIMILARITY,
        PRECISION,
        RECALL,
        NDCG,
        EXPOSURE,
        EXPOSURE_GAP,
        LEAST_EXPOSED,
    )
    own_names = True
    _files: Files | None = None
    """What `check` read, so that `run` reads no file again."""

    def check(self, subject: Subject, params: RetrievalParams) -> None:
        """Raise unless the parts are there: vectors or similarities, queries, attributes, a reference."""
        from auditkit_mpr.run.asked.check import check
        from auditkit_mpr.run.asked.files import files_for

        self._files = files_for(subject, params)
        check(subject, params, self._files)

    def memory(self, vectors: Vectors, params: RetrievalParams) -> int:
        """Return what vectors take as an attribute or for --nearest; lists alone are ranked a part at a time."""
        return memory_of(vectors, params)

    def run(self, subject: Subject, params: RetrievalParams, context: Context) -> tuple[Finding, ...]:
        """Return MPR, its ceiling and the similarity for every query and class."""
        from auditkit_mpr.run.audit import audit

        return audit(subject, params, context, files=self._files)

    def power(self, subject: Subject, params: RetrievalParams, context: Context, *, gap: float) -> Table:
        """Return the rows that the reference needs for an error below `gap` (Prop. 1, corrected)."""
        from auditkit_mpr.run.power import power

        return power(subject, params, context, gap=gap)

    def cost(self, subject: Subject, params: RetrievalParams, stats: Stats) -> Cost | None:  # noqa: ARG002
        """Return what all queries are expected to take; None for functions that have no price yet."""
        from auditkit_mpr.run.asked.files import files_for
        from auditkit_mpr.run.cost import cost

        return cost(subject, params, files_for(subject, params, self._files))


class Mopr(Repair[MoprParams]):
    """Result lists within a limit on MPR at the least loss of similarity, each with a certificate."""

    name = "mopr"
    title = "Result lists within a limit on MPR"
    method = REPAIRED
    Params = MoprParams
    metrics = (MPR, SHOWN, CEILING, SIMILARITY, PRECISION, RECALL, NDCG, BOUND, LOWER, REACHABLE)
    own_names = True
    _files: Files | None = None
    """What `check` read, so that `apply` reads no file again."""

    def check(self, subject: Subject, params: MoprParams) -> None:
        """Raise unless the parts are there and the methods can serve the class of functions."""
        from auditkit_mpr.run.asked.check import check_repair
        from auditkit_mpr.run.asked.files import files_for

        self._files = files_for(subject, params)
        check_repair(subject, params, self._files)

    def memory(self, vectors: Vectors, params: MoprParams) -> int:
        """Return what vectors take as an attribute or for --nearest; lists alone are ranked a part at a time."""
        return memory_of(vectors, params)

    def apply(self, subject: Subject, params: MoprParams, context: Context) -> Repaired:
        """Return the subject with the new lists, their certificates, and the lists as a table."""
        from auditkit_mpr.run.repair import repair

        return repair(subject, params, context, files=self._files)

    def cost(self, subject: Subject, params: MoprParams, stats: Stats) -> Cost | None:  # noqa: ARG002
        """Return what all queries are expected to take; None for functions that have no price yet."""
        from auditkit_mpr.run.asked.files import files_for
        from auditkit_mpr.run.cost import cost

        return cost(subject, params, files_for(subject, params, self._files))
