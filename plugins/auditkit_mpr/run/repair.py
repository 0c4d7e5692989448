"""The repair: for every query and limit a list with its certificate, before and after, and what others would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from auditkit import Finding, Repaired, Retrieval
from auditkit_mpr.methods.interface import Query
from auditkit_mpr.methods.registry import default_for, method_named
from auditkit_mpr.metrics import BOUND, CEILING, LOWER, MPR, REACHABLE, SIMILARITY
from auditkit_mpr.relaxed.top import top
from auditkit_mpr.retrieval.lists import table_of
from auditkit_mpr.run.audit import classes_of, draws_of, explain
from auditkit_mpr.run.files import files_for
from auditkit_mpr.run.findings import ListMeasured, interval_of, measured_findings, similarity_finding
from auditkit_mpr.run.limits import Limit, parse_limit, swept
from auditkit_mpr.run.pareto import Row, pareto_chart, rows_table
from auditkit_mpr.run.problem import assemble
from auditkit_mpr.run.shares import ShareTable, share_table, shares_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Context, Metric, Subject
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.methods.interface import Method
    from auditkit_mpr.params import MoprParams
    from auditkit_mpr.relaxed.answer import Answer
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.run.files import Files
    from auditkit_mpr.run.problem import Problem
    from auditkit_mpr.sampling.draws import Draws


NOTES = 20
"""Broken limits that are written out; of more, the number is given."""
OWN = "own list"


@dataclass(frozen=True, eq=False, kw_only=True)
class _Plan:
    """What is made for every query: the limits that are reported, those only drawn, and the methods."""

    problem: Problem
    limits: Sequence[Limit]
    drawn: Sequence[Limit]
    methods: Sequence[Method]
    one: FunctionClass
    draws: Draws
    seconds: float

    def label(self, query: str, limit: Limit, method: str) -> str:
        """Return the name of a finding's group: the query, and what tells several rows of it apart."""
        parts = [query]
        parts += [f"rho {limit.text}"] if len(self.limits) > 1 else []
        parts += [method] if len(self.methods) > 1 else []
        return " ".join(parts[:1] + [f"[{part}]" for part in parts[1:]])

    def measured(self, candidates: Candidates, chosen: NDArray[np.int64], shares: ShareTable) -> ListMeasured:
        """Return one list as the class measures it, its shares remembered."""
        return ListMeasured(
            function_class=self.one.name,
            candidates=candidates,
            chosen=chosen,
            found=self.one.measure(candidates, chosen, self.draws),
            worst=shares.add(candidates, chosen),
        )


@dataclass(frozen=True, eq=False)
class _Made:
    """A list that one method made of one query's candidates under one limit."""

    limit: Limit
    method: str
    answer: Answer
    reported: bool


@dataclass(frozen=True, eq=False)
class _Done:
    """One query: its findings, a row for every list, what to say of broken limits, and the list handed back."""

    findings: list[Finding]
    rows: list[Row]
    broken: list[str]
    ids: NDArray[Any]
    items: NDArray[np.int64]
    similarities: NDArray[np.float64]


def repair(subject: Subject, params: MoprParams, context: Context, *, files: Files | None = None) -> Repaired:
    """Return the subject with the first limit's and method's lists, all certificates, and the lists as a table."""
    problem = assemble(subject, params, context, files_for(subject, params, files))
    plan = _planned(problem, params, context)
    before, _ = share_table(problem.statistics.groups, params.depth)
    after, _ = share_table(problem.statistics.groups, params.depth)
    done = {
        candidates.query: _answered(candidates, plan, before, after)
        for candidates in context.track(problem.each(), "queries")
    }
    _say([note for one in done.values() for note in one.broken], context)
    explain(problem, context)
    _show(
        [row for one in done.values() for row in one.rows], plan, {"before": before, "after": after}, context
    )
    ranked = Retrieval(ranked={query: one.items for query, one in done.items()}, depth=problem.k)
    return Repaired(
        subject=subject.with_retrieval(ranked),
        findings=tuple(finding for one in done.values() for finding in one.findings),
        result=table_of([(query, one.ids, one.similarities) for query, one in done.items()]),
    )


def _planned(problem: Problem, params: MoprParams, context: Context) -> _Plan:
    one = classes_of(problem, params.classes, context)[0]
    named = [method_named(name) for name in dict.fromkeys(params.method)]
    return _Plan(
        problem=problem,
        limits=[parse_limit(text) for text in dict.fromkeys(params.rho)],
        drawn=swept(params.sweep),
        methods=named or [default_for(one)],
        one=one,
        draws=draws_of(context),
        seconds=params.seconds,
    )


def _answered(candidates: Candidates, plan: _Plan, before: ShareTable, after: ShareTable) -> _Done:
    """Return what is reported of one query: its list as it was, and that of every limit and method."""
    problem, query = plan.problem, candidates.query
    start = problem.list_of(candidates)
    made = _lists(candidates, start, plan)
    reported = [one for one in made if one.reported]
    findings = _before(plan.measured(candidates, start, before), plan)
    for one in reported:
        findings += _after(plan.label(query, one.limit, one.method), candidates, one.answer, plan)
    first = reported[0].answer.chosen
    after.add(candidates, first)
    items = candidates.items[first]
    return _Done(
        findings=findings,
        rows=[Row(query, one.limit, one.method, one.answer.certificate, problem.k) for one in made],
        broken=[
            f"{query}, {one.method}: {one.answer.certificate.in_words()}"
            for one in reported
            if not one.answer.certificate.meets
        ],
        ids=problem.ids[items],
        items=items,
        similarities=candidates.similarities[first],
    )


def _lists(candidates: Candidates, start: NDArray[np.int64], plan: _Plan) -> list[_Made]:
    """Return the list of every limit and method, and of every limit the user's own as it is, if there is one."""
    problem, groups = plan.problem, plan.problem.statistics.groups
    made: list[_Made] = []
    # Small matrices: threads of the linear algebra wait for each other ten times longer than they work.
    with threadpool_limits(limits=1):
        limits = plan.one.limits(candidates, k=problem.k)
        query = Query(
            limits=limits,
            similarities=candidates.similarities,
            k=problem.k,
            seconds=plan.seconds,
            codes=candidates.codes,
            labels=tuple(group.labels for group in groups),
            vector=candidates.vector,
            item_vectors=lambda: problem.asked.scorer.vectors(candidates.items),
        )
        top_mpr = limits.mpr(top(candidates.similarities, problem.k))
        for limit in (*plan.limits, *plan.drawn):
            rho = limit.value(top_mpr)
            made += [
                _Made(limit, method.name, method.answer(query, rho), limit in plan.limits)
                for method in plan.methods
            ]
            if candidates.query in problem.lists:
                made.append(_Made(limit, OWN, limits.judge(start, rho, OWN), reported=False))
    return made


def _before(measured: ListMeasured, plan: _Plan) -> list[Finding]:
    """Return MPR and similarity of the list as it is, once for every row that the repair will report."""
    candidates = measured.candidates
    return [
        finding
        for limit in plan.limits
        for method in plan.methods
        for label in [plan.label(candidates.query, limit, method.name)]
        for finding in (
            *measured_findings(label, measured, plan.problem, plan.draws.confidence),
            similarity_finding(label, candidates, measured.chosen),
        )
    ]


def _after(label: str, candidates: Candidates, answer: Answer, plan: _Plan) -> list[Finding]:
    """Return the findings of one certificate; sums over the list are given as means."""
    proof, k = answer.certificate, len(answer.chosen)
    measured = plan.one.measure(candidates, answer.chosen, plan.draws)
    details = plan.problem.basis(candidates, plan.one.name) | {
        "rho": proof.rho,
        "method": proof.method,
        "meets": proof.meets,
        "proven_infeasible": proof.infeasible,
        "is_lower_bound": proof.heuristic,
        "similarity_gap": None if proof.gap is None else proof.gap / k,
        "similarity_kept": proof.similarity / proof.top_similarity if proof.top_similarity > 0 else None,
        "certificate": proof.in_words(),
    }
    bound = None if proof.similarity_bound is None else proof.similarity_bound / k
    no_bound = "no list within the limit is known to exist" if bound is None else ""

    def finding(metric: Metric, value: float | None, **more: Any) -> Finding:
        return Finding(
            metric=metric.name,
            value=value,
            n=k,
            group=label,
            stage=1,
            details=details,
            unit=metric.unit,
            direction=metric.direction,
            **more,
        )

    return [
        finding(MPR, proof.mpr, interval=interval_of(measured, plan.draws.confidence)),
        finding(CEILING, measured.ceiling),
        finding(SIMILARITY, proof.similarity / k),
        finding(BOUND, bound, reason=no_bound),
        finding(LOWER, proof.mpr_lower_bound),
        finding(REACHABLE, proof.reachable),
    ]


def _say(broken: Sequence[str], context: Context) -> None:
    for note in broken[:NOTES]:
        context.say(f"mopr, {note}.")
    if len(broken) > NOTES:
        context.say(f"mopr: {len(broken) - NOTES:,} further lists break their limit; see the findings.")


def _show(rows: Sequence[Row], plan: _Plan, sides: dict[str, ShareTable], context: Context) -> None:
    context.show(rows_table(rows, plan.one.name))
    table = shares_table(
        sides,
        title="Shares of groups in the lists, before and after",
        reference=plan.problem.reference_table.words,
    )
    if table is not None:
        context.show(table)
    if len(rows) > len(plan.problem.asked.names):
        context.show(pareto_chart(rows))
