"""The audit: every query's list measured by every class, with what could be, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit import Finding, Interval, Table
from auditkit_mpr.bounds import printed_gap
from auditkit_mpr.classes import Draws, class_named
from auditkit_mpr.problem import assemble
from auditkit_mpr.shares import share_table, shares_table
from auditkit_mpr.top import top

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Context, Subject
    from auditkit_mpr.classes import FunctionClass, Measured
    from auditkit_mpr.declare import RetrievalParams
    from auditkit_mpr.problem import Candidates, Retrieval
    from auditkit_mpr.shares import Worst

ROWS_SHOWN = 200


def audit(subject: Subject, params: RetrievalParams, context: Context) -> tuple[Finding, ...]:
    """Return MPR, its ceiling and the mean similarity of every query's list, for every class."""
    retrieval = assemble(subject, params, context)
    classes = classes_of(retrieval, params.classes, context)
    draws = draws_of(context)
    shares, why = share_table(retrieval.statistics.groups, params.depth)
    if why:
        context.skip(f"shares of intersections of {params.depth} attributes", why)
    findings: list[Finding] = []
    rows: list[tuple[Any, ...]] = []
    for candidates in context.track(retrieval.each(), "queries"):
        chosen = list_of(candidates, retrieval)
        worst = shares.add(candidates, chosen)
        for one in classes:
            found = one.measure(candidates, chosen, draws)
            label = candidates.query if len(classes) == 1 else f"{candidates.query} [{one.name}]"
            findings += measured_findings(
                label, one.name, candidates, chosen, found, worst, retrieval, draws.confidence
            )
            rows.append(table_row(candidates, one.name, found, worst))
            if found.note:
                context.say(f"mpr: {found.note}")
            if found.heuristic:
                context.say(
                    f"mpr: {one.name} is fitted, so its MPR is a lower bound; another fit may show more"
                )
        findings.append(similarity_finding(candidates.query, candidates, chosen))
    explain(retrieval, context)
    context.show(mpr_table(rows, retrieval))
    table = shares_table(
        {"list": shares}, title="Shares of groups in the lists", reference=retrieval.reference_table.words
    )
    if table is not None:
        context.show(table)
    return tuple(findings)


def classes_of(retrieval: Retrieval, names: Sequence[str], context: Context) -> list[FunctionClass]:
    """Return the classes of these names."""
    return [class_named(name, retrieval.statistics.groups, seed=context.stats.seed) for name in names]


def draws_of(context: Context) -> Draws:
    """Return how the run's rules bootstrap the reference."""
    return Draws(count=context.stats.bootstrap, confidence=context.stats.confidence, rng=context.rng)


def list_of(candidates: Candidates, retrieval: Retrieval) -> NDArray[np.int64]:
    """Return the positions of a query's known list, or of its k most similar candidates."""
    known = retrieval.lists.get(candidates.query)
    if known is not None:
        return candidates.positions(known)
    return top(candidates.similarities, retrieval.k)


def measured_findings(
    label: str,
    name: str,
    candidates: Candidates,
    chosen: NDArray[np.int64],
    found: Measured,
    worst: Worst | None,
    retrieval: Retrieval,
    confidence: float,
) -> list[Finding]:
    """Return the MPR of one list and class, with everything that says how far to trust it, and its ceiling."""
    basis = retrieval.basis(candidates, name)
    details = basis | {
        "ceiling": found.ceiling,
        "sampling_gap": found.sampling_gap,
        "is_lower_bound": found.heuristic,
        "worst_group": None if worst is None else worst.in_words(),
    }
    if not candidates.reference.exact:
        details["prop_1_second_term"] = printed_gap(
            candidates.reference.population.effective, 0.0, delta=1 - confidence
        )
    interval = None if found.interval is None else Interval(*found.interval, confidence, "normal")
    mpr = Finding(
        metric="mpr", value=found.value, n=len(chosen), group=label, interval=interval, details=details,
        direction="higher_is_worse", unit="MPR",
    )  # fmt: skip
    ceiling = Finding(
        metric="mpr_ceiling", value=found.ceiling, n=len(chosen), group=label, unit="MPR",
        details=basis,
    )  # fmt: skip
    return [mpr, ceiling]


def similarity_finding(label: str, candidates: Candidates, chosen: NDArray[np.int64]) -> Finding:
    """Return the mean similarity of a list."""
    return Finding(
        metric="similarity",
        value=float(candidates.similarities[chosen].mean()),
        n=len(chosen),
        group=label,
        unit="similarity",
        direction="lower_is_worse",
        details={"query": candidates.query},
    )


def table_row(candidates: Candidates, name: str, found: Measured, worst: Worst | None) -> tuple[Any, ...]:
    """Return one row of `mpr_table`."""
    low, high = found.interval or (None, None)
    return (
        candidates.query, name, *(_rounded(v) for v in (found.value, low, high, found.ceiling, found.sampling_gap)),
        "" if worst is None else worst.in_words(),
    )  # fmt: skip


def mpr_table(rows: list[tuple[Any, ...]], retrieval: Retrieval) -> Table:
    """Return MPR by query and class, the largest first where there are many."""
    shown = rows if len(rows) <= ROWS_SHOWN else sorted(rows, key=lambda row: -row[2])[:ROWS_SHOWN]
    left = (
        f" {len(rows) - ROWS_SHOWN:,} rows with smaller values are left out."
        if len(rows) > len(shown)
        else ""
    )
    items = (
        f"the {retrieval.prefilter:,} most similar of {retrieval.n:,} items"
        if 0 < retrieval.prefilter < retrieval.n
        else f"{retrieval.n:,} items"
    )
    return Table(
        title="MPR by query",
        columns=("query", "class", "MPR", "low", "high", "ceiling", "sampling bound", "worst group"),
        rows=tuple(shown),
        caption=(
            f"Lists of {retrieval.k} out of {items}; reference: {retrieval.reference_table.words}. The ceiling "
            "bounds MPR over all lists; the sampling bound is how far MPR on this reference can be from MPR on "
            f"the population that it was drawn from.{left}"
        ),
    )


def explain(retrieval: Retrieval, context: Context) -> None:
    """Tell the reader what the reference is and what the numbers do not cover."""
    reference = retrieval.reference
    context.say(f"mpr: the reference is {retrieval.reference_table.words}.")
    if reference.exact:
        context.say(
            "mpr: shares that are typed are the target itself: there is no interval, their attributes are taken as "
            f"independent, and they count for m = {reference.size:,.0f} rows, as many as there are items."
        )


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")
