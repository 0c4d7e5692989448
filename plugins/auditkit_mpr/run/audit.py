"""The audit: every query's list measured by every class, with what could be, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit import Table
from auditkit_mpr.classes.named import class_named
from auditkit_mpr.run.answers import SHARES, audit_answers
from auditkit_mpr.run.asked.files import files_for
from auditkit_mpr.run.asked.problem import assemble
from auditkit_mpr.run.findings import ListMeasured, measured_findings, similarity_finding
from auditkit_mpr.run.shares import share_table, shares_table
from auditkit_mpr.sampling.draws import Draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Context, Finding, Subject
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.params import RetrievalParams
    from auditkit_mpr.run.asked.files import Files
    from auditkit_mpr.run.asked.problem import Problem

ROWS_SHOWN = 200


def audit(
    subject: Subject, params: RetrievalParams, context: Context, *, files: Files | None = None
) -> tuple[Finding, ...]:
    """Return MPR, its ceiling and the mean similarity of every query's list, for every class."""
    problem = assemble(subject, params, context, files_for(subject, params, files))
    classes, draws = classes_of(problem, params.classes, context), draws_of(context)
    shares, why = share_table(problem.statistics.groups, params.depth)
    if why:
        context.skip(f"shares of intersections of {params.depth} attributes", why)
    findings: list[Finding] = []
    measured: list[ListMeasured] = []
    for candidates in context.track(problem.each(), "queries"):
        chosen = problem.list_of(candidates)
        worst = shares.add(candidates, chosen)
        for one in classes:
            found = ListMeasured(
                function_class=one.name,
                candidates=candidates,
                chosen=chosen,
                found=one.measure(candidates, chosen, draws),
                worst=worst,
            )
            label = candidates.query if len(classes) == 1 else f"{candidates.query} [{one.name}]"
            findings += measured_findings(label, found, problem, draws.confidence)
            measured.append(found)
            _warn(found, context)
        findings.append(similarity_finding(candidates.query, candidates, chosen))
    explain(problem, context)
    for answer in audit_answers(measured, problem.statistics.groups):
        context.answer(answer)
    context.show(_mpr_table([one.row() for one in measured], problem))
    words = problem.reference_table.words
    table = shares_table({"list": shares}, title=SHARES, reference=words)
    if table is not None:
        context.show(table)
    return tuple(findings)


def classes_of(problem: Problem, names: Sequence[str], context: Context) -> list[FunctionClass]:
    """Return the classes of these names."""
    return [class_named(name, problem.statistics.groups, seed=context.stats.seed) for name in names]


def draws_of(context: Context) -> Draws:
    """Return how the run's rules bootstrap the reference."""
    return Draws(count=context.stats.bootstrap, confidence=context.stats.confidence, rng=context.rng)


def explain(problem: Problem, context: Context) -> None:
    """Tell the reader what the reference is and what the numbers do not cover."""
    reference = problem.reference
    context.say(f"mpr: the reference is {problem.reference_table.words}.")
    if reference.exact:
        context.say(
            "mpr: shares that are typed are the target itself, which no sampling has misled; their attributes are "
            f"taken as independent, and they count for m = {reference.size:,.0f} rows, as many as there are items."
        )


def _warn(measured: ListMeasured, context: Context) -> None:
    if measured.found.note:
        context.say(f"mpr: {measured.found.note}")
    if measured.found.heuristic:
        name = measured.function_class
        context.say(f"mpr: {name} is fitted, so its MPR is a lower bound; another fit may show more")


def _mpr_table(rows: Sequence[tuple[Any, ...]], problem: Problem) -> Table:
    """Return MPR by query and class, the largest first where there are many."""
    shown = rows if len(rows) <= ROWS_SHOWN else sorted(rows, key=lambda row: -row[2])[:ROWS_SHOWN]
    less = len(rows) - len(shown)
    left = f" {less:,} rows with smaller values are left out." if less else ""
    items = (
        f"the {problem.prefilter:,} most similar of {problem.n:,} items"
        if 0 < problem.prefilter < problem.n
        else f"{problem.n:,} items"
    )
    return Table(
        title="MPR by query",
        columns=(
            "query",
            "class",
            "MPR",
            "shown",
            "low",
            "high",
            "ceiling",
            "sampling bound",
            "worst group",
        ),
        rows=tuple(shown),
        caption=(
            f"Lists of {problem.k} out of {items}; reference: {problem.reference_table.words}. Shown is MPR on rows "
            "that no fit saw; its low end is above 0 only where lists drawn by lot have a smaller gap, its high end "
            "bounds the gap to the population behind the reference. The ceiling bounds MPR over all lists; the "
            "sampling bound is how far MPR on this reference can be from MPR on the population that it was drawn "
            f"from.{left}"
        ),
    )
