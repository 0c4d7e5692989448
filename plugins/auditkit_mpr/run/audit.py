"""The audit: every query's list measured by every class, with what could be, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from auditkit import Table
from auditkit_mpr.classes.named import class_named
from auditkit_mpr.retrieval.attention import attention
from auditkit_mpr.retrieval.scoring import SAMPLED, Vectors, lengths_off
from auditkit_mpr.run.answers import SHARES, audit_answers
from auditkit_mpr.run.asked.files import files_for
from auditkit_mpr.run.asked.problem import assemble
from auditkit_mpr.run.exposure import ATTENTION, exposure_answers, exposure_findings
from auditkit_mpr.run.findings import ListMeasured, measured_findings, similarity_finding
from auditkit_mpr.run.relevance import relevance_findings, relevance_table
from auditkit_mpr.run.shares import share_table, shares_table, worst_of
from auditkit_mpr.sampling.draws import Draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Context, Finding, Subject
    from auditkit_mpr.classes.interface import FunctionClass, Measured
    from auditkit_mpr.params import RetrievalParams
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.retrieval.relevance import Judged
    from auditkit_mpr.run.asked.files import Files
    from auditkit_mpr.run.asked.problem import Problem
    from auditkit_mpr.run.shares import ShareTable

ROWS_SHOWN = 200


def audit(
    subject: Subject, params: RetrievalParams, context: Context, *, files: Files | None = None
) -> tuple[Finding, ...]:
    """Return MPR, its ceiling, the mean similarity and the exposure of every query's list, for every class."""
    problem = assemble(subject, params, context, files_for(subject, params, files))
    lists = _read(problem, params, context)
    explain(problem, context)
    groups, confidence = problem.statistics.groups, context.stats.confidence
    for answer in (
        *audit_answers(lists.measured, groups),
        *exposure_answers(lists.exposed, groups, confidence),
    ):
        context.answer(answer)
    context.show(_mpr_table([one.row() for one in lists.measured], problem))
    words = problem.reference_table.words
    for table in (
        relevance_table(lists.judged, problem.k),
        shares_table({"list": lists.shares}, title=SHARES, reference=words),
        shares_table(
            {"list": lists.exposed},
            title=ATTENTION,
            reference=words,
            what=f"Attention by rank ({params.attention})",
        ),
    ):
        if table is not None:
            context.show(table)
    return (*lists.findings, *exposure_findings(lists.exposed, confidence))


@dataclass(frozen=True)
class _Lists:
    """What is known of every query's list: `shares` of items in groups, and `exposed`, of attention by rank."""

    shares: ShareTable
    exposed: ShareTable
    findings: list[Finding] = field(default_factory=list)
    measured: list[ListMeasured] = field(default_factory=list)
    judged: list[tuple[str, Judged]] = field(default_factory=list)


def _read(problem: Problem, params: RetrievalParams, context: Context) -> _Lists:
    """Return every query's list, measured by every class."""
    classes, draws = classes_of(problem, params.classes, context), draws_of(context)
    ranks = attention(params.attention, problem.k)
    shares, why = share_table(problem.statistics.groups, params.depth)
    if why:
        context.skip(f"shares of intersections of {params.depth} attributes", why)
    lists = _Lists(shares, share_table(problem.statistics.groups, params.depth)[0])
    every = [(candidates, problem.list_of(candidates)) for candidates in problem.each()]
    measured = context.map(partial(_measured, classes, draws), every, "queries")
    for (candidates, chosen), values in zip(every, measured, strict=True):
        worst = lists.shares.add(candidates, chosen)
        lists.exposed.add(candidates, chosen, ranks)
        for one, value in zip(classes, values, strict=True):
            found = ListMeasured(
                function_class=one.name,
                candidates=candidates,
                chosen=chosen,
                found=value,
                worst=worst_of(one, candidates, chosen) or worst,
            )
            label = candidates.query if len(classes) == 1 else f"{candidates.query} [{one.name}]"
            lists.findings.extend(measured_findings(label, found, problem, draws.confidence))
            lists.measured.append(found)
            _warn(found, context)
        judged = problem.judged(candidates, chosen)
        lists.findings.extend(
            relevance_findings(candidates.query, judged, n=len(chosen), query=candidates.query)
        )
        if judged is not None:
            lists.judged.append((candidates.query, judged))
        if problem.asked.scored:
            lists.findings.append(similarity_finding(candidates.query, candidates, chosen))
    return lists


def _measured(
    classes: Sequence[FunctionClass], draws: Draws, of: tuple[Candidates, NDArray[np.int64]]
) -> list[Measured]:
    """Return one query's list, positions [k] among its candidates, as each class measures it."""
    candidates, chosen = of
    return [one.measure(candidates, chosen, draws) for one in classes]


def classes_of(problem: Problem, names: Sequence[str], context: Context) -> list[FunctionClass]:
    """Return the classes of these names."""
    return [class_named(name, problem.statistics.groups, seed=context.stats.seed) for name in names]


def draws_of(context: Context) -> Draws:
    """Return how the run's rules bootstrap the reference."""
    return Draws(count=context.stats.bootstrap, confidence=context.stats.confidence, rng=context.seeded)


def explain(problem: Problem, context: Context) -> None:
    """Tell the reader what the reference is and what the numbers do not cover."""
    reference = problem.reference
    scorer = problem.asked.scorer
    if isinstance(scorer, Vectors) and lengths_off(scorer.items[:SAMPLED], by=0.01):
        context.say(
            "mpr: the items' vectors are not of length 1; similarity is their cosine with the query, not the inner "
            "product."
        )
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
