"""The repair: for every query and limit a list with its certificate, before and after, and what others would give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Finding, Repaired, Retrieval
from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.metrics import BOUND, CEILING, LOWER, MPR, REACHABLE, SIMILARITY
from auditkit_mpr.nested.functions import Nested
from auditkit_mpr.relaxed.top import top
from auditkit_mpr.retrieval.lists import table_of
from auditkit_mpr.run.answers import AFTER, Handed, left_answers, relevance_answers, repair_answers
from auditkit_mpr.run.asked.files import files_for
from auditkit_mpr.run.asked.problem import assemble
from auditkit_mpr.run.audit import explain
from auditkit_mpr.run.compared.iterations import iteration_parts
from auditkit_mpr.run.compared.lengths import least_by_length
from auditkit_mpr.run.compared.methods import Compared, compared, method_tables
from auditkit_mpr.run.compared.pareto import Row, pareto_chart, rows_table
from auditkit_mpr.run.findings import ListMeasured, measured_findings, shown_finding, similarity_finding
from auditkit_mpr.run.made import OWN, Made, Plan, lists_made, plan_of
from auditkit_mpr.run.relevance import relevance_findings
from auditkit_mpr.run.shares import Listed, ShareTable, Worst, share_table, shares_table, worst_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Metric, Subject
    from auditkit_mpr.params import MoprParams
    from auditkit_mpr.relaxed.answer import Answer
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.retrieval.relevance import Judged
    from auditkit_mpr.run.asked.files import Files


NOTES = 20
"""Broken limits that are written out; of more, the number is given."""


@dataclass(frozen=True, eq=False)
class _Done:
    """One query: its findings, a row for every list, what to say of broken limits, and the list handed back.

    `shares` are those of its list as it was, and of the one that is handed back.
    """

    query: str
    findings: list[Finding]
    rows: list[Row]
    compared: list[Compared]
    broken: list[str]
    handed: Handed
    left: Worst | None
    judged: tuple[Judged | None, Judged | None]
    """What judgements say of the list as it was, and of the one that is handed back."""
    ids: NDArray[Any]
    items: NDArray[np.int64]
    similarities: NDArray[np.float64]
    shares: tuple[Listed | None, Listed | None]


def repair(subject: Subject, params: MoprParams, context: Context, *, files: Files | None = None) -> Repaired:
    """Return the subject with the first limit's and method's lists, all certificates, and the lists as a table."""
    problem = assemble(subject, params, context, files_for(subject, params, files))
    plan = plan_of(problem, params, context)
    before, _ = share_table(problem.statistics.groups, params.depth)
    after, _ = share_table(problem.statistics.groups, params.depth)
    done: dict[str, _Done] = {}
    for one in context.map(partial(_answered, plan, before, after), problem.each(), "queries"):
        done[one.query] = one
        before.keep(one.shares[0])
        after.keep(one.shares[1])
    _say([note for one in done.values() for note in one.broken], context)
    for answer in repair_answers([one.handed for one in done.values()]):
        context.answer(answer)
    for answer in relevance_answers([one.judged for one in done.values()]):
        context.answer(answer)
    left = {query: one.left for query, one in done.items() if one.left is not None}
    for answer in left_answers(left, problem.statistics.groups):
        context.answer(answer)
    explain(problem, context)
    _show(
        [row for one in done.values() for row in one.rows], plan, {"before": before, "after": after}, context
    )
    for table in method_tables([row for one in done.values() for row in one.compared], before.groups):
        context.show(table)
    own = plan.one.of if isinstance(plan.one, Nested) else plan.one
    if params.lengths and isinstance(own, (Ball, Groups)):
        counted, _ = share_table(problem.statistics.groups, params.depth)
        for part in least_by_length(own, next(iter(problem.each())), params.lengths, counted):
            context.show(part)
    ranked = Retrieval(ranked={query: one.items for query, one in done.items()}, depth=problem.k)
    return Repaired(
        subject=subject.with_retrieval(ranked),
        findings=tuple(finding for one in done.values() for finding in one.findings),
        result=table_of([(query, one.ids, one.similarities) for query, one in done.items()]),
    )


def _answered(plan: Plan, before: ShareTable, after: ShareTable, candidates: Candidates) -> _Done:
    """Return what is reported of one query: its list as it was, and that of every limit and method.

    Shares go through the tables and come back with what is returned: another process has tables of its own.
    """
    problem, query = plan.problem, candidates.query
    start = problem.list_of(candidates)
    made = lists_made(candidates, start, plan)
    reported = [one for one in made if one.reported]
    findings = _before(plan.measured(candidates, start, before), plan)
    for one in reported:
        label = plan.label(query, one.limit, one.method)
        findings += _after(label, candidates, one.answer, plan)
        findings += relevance_findings(label, one.judged, n=problem.k, query=query, stage=1)
    most = problem.judged(candidates, top(candidates.similarities, problem.k))
    first = reported[0].answer.chosen
    left, items = after.add(candidates, first), candidates.items[first]
    return _Done(
        query=query,
        findings=findings,
        rows=[
            Row(query, one.limit, one.method, one.answer.certificate, problem.k, one.judged, most, one.steps)
            for one in made
        ],
        compared=compared(
            candidates, made, before.groups, before.targets[-1] if before.targets else np.zeros(0)
        ),
        broken=[
            f"{query}, {one.method}: {one.answer.certificate.in_words()}"
            for one in reported
            if not one.answer.certificate.meets
        ],
        handed=_handed(made),
        left=worst_of(plan.one, candidates, first) or left,
        judged=(problem.judged(candidates, start), reported[0].judged),
        ids=problem.ids[items],
        items=items,
        similarities=candidates.similarities[first],
        shares=(before.taken(), after.taken()),
    )


def _handed(made: Sequence[Made]) -> Handed:
    """Return the list that is handed back, the first that is reported, beside the user's own."""
    own = next((one.answer.certificate for one in made if one.method == OWN), None)
    return Handed(next(one.answer.certificate for one in made if one.reported), own)


def _before(measured: ListMeasured, plan: Plan) -> list[Finding]:
    """Return MPR and similarity of the list as it is, once for every row that the repair will report."""
    candidates = measured.candidates
    judged = plan.problem.judged(candidates, measured.chosen)
    return [
        finding
        for limit in plan.limits
        for method in plan.methods
        for label in [plan.label(candidates.query, limit, method.name)]
        for finding in (
            *measured_findings(label, measured, plan.problem, plan.draws.confidence),
            similarity_finding(label, candidates, measured.chosen),
            *relevance_findings(label, judged, n=len(measured.chosen), query=candidates.query),
        )
    ]


def _after(label: str, candidates: Candidates, answer: Answer, plan: Plan) -> list[Finding]:
    """Return the findings of one certificate; sums over the list are given as means."""
    proof, k = answer.certificate, len(answer.chosen)
    measured = plan.one.measure(candidates, answer.chosen, plan.draws)
    details = plan.problem.basis(candidates, plan.one.name) | {
        "rho": proof.rho,
        "method": proof.method,
        "meets": proof.meets,
        "proven_infeasible": proof.infeasible,
        "least_mpr": proof.least or None,
        "is_lower_bound": proof.heuristic,
        "similarity_gap": None if proof.gap is None else proof.gap / k,
        "similarity_kept": proof.similarity / proof.top_similarity if proof.top_similarity > 0 else None,
        "certificate": proof.in_words(),
    }
    if proof.prefixes:
        details["prefixes"] = [[size, float(f"{mpr:.6g}")] for size, mpr in proof.prefixes]
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
            **more,
        )

    return [
        finding(MPR, proof.prefixes[-1][1] if proof.prefixes else proof.mpr),
        shown_finding(measured, n=k, group=label, details=details, stage=1),
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


def _show(rows: Sequence[Row], plan: Plan, sides: dict[str, ShareTable], context: Context) -> None:
    context.show(rows_table(rows, plan.one.name))
    table = shares_table(
        sides,
        title=AFTER,
        reference=plan.problem.reference_table.words,
    )
    if table is not None:
        context.show(table)
    iterations = iteration_parts(rows)
    for part in iterations or ():
        context.show(part)
    if len(rows) > len(plan.problem.asked.names):
        context.show(pareto_chart(rows, (plan.limits[0].text, plan.methods[0].name), axis=plan.axis))
