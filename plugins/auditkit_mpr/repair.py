"""The repair: for every query and limit a list with its certificate, before and after, and what others would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from auditkit import Finding, Interval, Repaired
from auditkit_mpr.audit import (
    classes_of,
    draws_of,
    explain,
    list_of,
    measured_findings,
    similarity_finding,
)
from auditkit_mpr.limits import Limit, parse_limit, swept
from auditkit_mpr.lists import Lists, table_of
from auditkit_mpr.methods import OWN, Makers
from auditkit_mpr.pareto import Row, pareto_chart, rows_table
from auditkit_mpr.problem import assemble
from auditkit_mpr.shares import share_table, shares_table
from auditkit_mpr.solvers import solver_of
from auditkit_mpr.top import top

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Context, Subject
    from auditkit_mpr.classes import Draws, FunctionClass
    from auditkit_mpr.declare import MoprParams
    from auditkit_mpr.floor import Floor
    from auditkit_mpr.mopr import Answer
    from auditkit_mpr.problem import Candidates, Retrieval


NOTES = 20
"""Broken limits that are written out; of more, the number is given."""


@dataclass(frozen=True, eq=False, kw_only=True)
class _Plan:
    """What is made for every query: the limits that are reported, those only drawn, and the methods."""

    limits: Sequence[Limit]
    drawn: Sequence[Limit]
    methods: tuple[str, ...]
    one: FunctionClass
    draws: Draws

    def label(self, query: str, limit: Limit, method: str) -> str:
        """Return the name of a finding's group: the query, and what tells several rows of it apart."""
        parts = [query]
        parts += [f"rho {limit.text}"] if len(self.limits) > 1 else []
        parts += [method] if len(self.methods) > 1 else []
        return " ".join(parts[:1] + [f"[{part}]" for part in parts[1:]])


def repair(subject: Subject, params: MoprParams, context: Context) -> Repaired:
    """Return the subject with the first limit's and method's lists, all certificates, and the lists as a table."""
    retrieval = assemble(subject, params, context)
    plan = _planned(retrieval, params, context)
    floors: dict[int, Floor] = {}
    findings: list[Finding] = []
    rows: list[Row] = []
    broken: list[str] = []
    lists: dict[str, NDArray[np.int64]] = {}
    handed: list[tuple[str, NDArray[Any], NDArray[np.float64]]] = []
    before, _ = share_table(retrieval.statistics.groups, params.depth)
    after, _ = share_table(retrieval.statistics.groups, params.depth)
    for candidates in context.track(retrieval.each(), "queries"):
        start = list_of(candidates, retrieval)
        # Small matrices: threads of the linear algebra wait for each other ten times longer than they work.
        with threadpool_limits(limits=1):
            solver = solver_of(plan.one, candidates, k=retrieval.k, floors=floors, seconds=params.seconds)
        own = start if candidates.query in retrieval.lists else None
        makers = Makers(candidates, solver, retrieval.scorer, retrieval.statistics.groups, retrieval.k, own)
        findings += _before(candidates, start, retrieval, plan, before)
        reached = solver.mpr(top(candidates.similarities, retrieval.k))
        methods = (*plan.methods, OWN) if own is not None else plan.methods
        for limit in (*plan.limits, *plan.drawn):
            for method in methods:
                with threadpool_limits(limits=1):
                    found = makers.answer(method, limit.value(reached))
                rows.append(Row(candidates.query, limit, method, found.certificate, retrieval.k))
                if limit in plan.limits and method in plan.methods:
                    label = plan.label(candidates.query, limit, method)
                    findings += _after(label, candidates, found, plan, retrieval)
                    if not found.certificate.meets:
                        broken.append(f"{candidates.query}, {method}: {found.certificate.in_words()}")
                if (limit, method) == (plan.limits[0], plan.methods[0]):
                    lists[candidates.query] = candidates.items[found.chosen]
                    after.add(candidates, found.chosen)
                    similarities = candidates.similarities[found.chosen]
                    handed.append((candidates.query, retrieval.ids[lists[candidates.query]], similarities))
    for note in broken[:NOTES]:
        context.say(f"mopr, {note}.")
    if len(broken) > NOTES:
        context.say(f"mopr: {len(broken) - NOTES:,} further lists break their limit; see the findings.")
    explain(retrieval, context)
    _show(retrieval, plan, rows, before, after, context)
    return Repaired(
        subject=subject.with_retrieval(Lists(lists)), findings=tuple(findings), result=table_of(handed)
    )


def _planned(retrieval: Retrieval, params: MoprParams, context: Context) -> _Plan:
    one = classes_of(retrieval, params.classes, context)[0]
    default = "cone" if hasattr(one, "linear") else "lp"
    return _Plan(
        limits=[parse_limit(text) for text in dict.fromkeys(params.rho)],
        drawn=swept(params.sweep),
        methods=tuple(dict.fromkeys(params.method)) or (default,),
        one=one,
        draws=draws_of(context),
    )


def _before(
    candidates: Candidates, start: NDArray[np.int64], retrieval: Retrieval, plan: _Plan, shares: Any
) -> list[Finding]:
    """Return MPR and similarity of the list as it is, once for every row that the repair will report."""
    found = plan.one.measure(candidates, start, plan.draws)
    worst = shares.add(candidates, start)
    return [
        finding
        for limit in plan.limits
        for method in plan.methods
        for label in [plan.label(candidates.query, limit, method)]
        for finding in (
            *measured_findings(
                label, plan.one.name, candidates, start, found, worst, retrieval, plan.draws.confidence
            ),
            similarity_finding(label, candidates, start),
        )
    ]


def _after(
    label: str, candidates: Candidates, found: Answer, plan: _Plan, retrieval: Retrieval
) -> list[Finding]:
    """Return the findings of one certificate; sums over the list are given as means."""
    proof, k = found.certificate, len(found.chosen)
    measured = plan.one.measure(candidates, found.chosen, plan.draws)
    details = retrieval.basis(candidates, plan.one.name) | {
        "rho": proof.rho,
        "method": proof.method,
        "meets": proof.meets,
        "proven_infeasible": proof.infeasible,
        "is_lower_bound": proof.heuristic,
        "similarity_gap": None if proof.gap is None else proof.gap / k,
        "similarity_kept": proof.similarity / proof.top_similarity if proof.top_similarity > 0 else None,
        "certificate": proof.in_words(),
    }
    interval = (
        None if measured.interval is None else Interval(*measured.interval, plan.draws.confidence, "normal")
    )
    no_bound = "no list within the limit is known to exist" if proof.similarity_bound is None else ""

    def finding(metric: str, value: float | None, **more: Any) -> Finding:
        return Finding(metric=metric, value=value, n=k, group=label, stage=1, details=details, **more)

    return [
        finding("mpr", proof.mpr, interval=interval, direction="higher_is_worse", unit="MPR"),
        finding("mpr_ceiling", measured.ceiling, unit="MPR"),
        finding("similarity", proof.similarity / k, direction="lower_is_worse", unit="similarity"),
        finding(
            "similarity_bound",
            None if proof.similarity_bound is None else proof.similarity_bound / k,
            unit="similarity",
            reason=no_bound,
        ),
        finding("mpr_lower_bound", proof.mpr_lower_bound, unit="MPR"),
        finding("reachable", proof.reachable, unit="MPR"),
    ]


def _show(
    retrieval: Retrieval, plan: _Plan, rows: list[Row], before: Any, after: Any, context: Context
) -> None:
    context.show(rows_table(rows, plan.one.name))
    table = shares_table(
        {"before": before, "after": after},
        title="Shares of groups in the lists, before and after",
        reference=retrieval.reference_table.words,
    )
    if table is not None:
        context.show(table)
    if len(rows) > len(retrieval.queries):
        context.show(pareto_chart(rows))
