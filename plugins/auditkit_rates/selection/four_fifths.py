"""The four-fifths comparison: each group's selection rate beside the highest one, in size and against chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Answer, Finding, Table
from auditkit.measures import adjust
from auditkit_rates.selection.categories import attribute_of, categories_of
from auditkit_rates.selection.chosen import selected
from auditkit_rates.selection.ll144 import OPINION, with_interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Cell, Context, Subject
    from auditkit_rates.selection.categories import Categories
    from auditkit_rates.selection.params import FourFifthsParams

NOBODY = ("unknown",)
"""What rows without a value are called: no group, but counted."""
COLUMNS = ("Group", "Assessed", "Selected", "Rate", "Ratio to the highest", "Exact p", "p (Holm)", "Reading")


def four_fifths(subject: Subject, params: FourFifthsParams, context: Context) -> tuple[Finding, ...]:
    """Return the findings of every attribute, and show a table of each."""
    chosen = selected(subject, context)
    context.say(chosen.note)
    context.say(OPINION)
    findings: list[Finding] = []
    for grouping in subject.groupings:
        attribute = attribute_of(grouping, NOBODY)
        if not attribute.labels:
            context.skip(f"four-fifths by {grouping.name}", "all persons are of an unknown group")
            continue
        found = categories_of(attribute, chosen, confidence=context.stats.confidence)
        _tell_of_a_small_highest(found, context)
        p = exact_p(found)
        adjusted = np.full(len(p), np.nan)
        known = np.isfinite(p)
        adjusted[known] = adjust(p[known], "holm")
        context.show(_table(found, params, p=p, adjusted=adjusted))
        _answer(found, params, adjusted, context)
        findings += _findings(found, p)
    return tuple(findings)


def _tell_of_a_small_highest(found: Categories, context: Context) -> None:
    """Say so where chance may have made a group the one that all are compared with."""
    if found.impact is not None and found.n[found.impact.over] < context.stats.min_n:
        context.say(
            f"By {found.attribute.title}, {found.attribute.labels[found.impact.over]} has the highest rate and only "
            f"{found.n[found.impact.over]} persons, so that chance may have made it the highest."
        )


def exact_p(found: Categories) -> NDArray[np.float64]:
    """Return Fisher's two-sided p-value of each group against the one with the highest rate, NaN of that one itself."""
    from scipy.stats import fisher_exact  # takes 0.4 s to import

    p = np.full(len(found.n), np.nan)
    if found.impact is None:
        return p
    top = found.impact.over
    for i in np.flatnonzero(found.large).tolist():
        if i != top:
            table = np.array([[found.picked[j], found.n[j] - found.picked[j]] for j in (i, top)])
            p[i] = float(fisher_exact(table).pvalue)
    return p


def reading(ratio: float, p: float, params: FourFifthsParams) -> str:
    """Return what size and chance say together."""
    below, beyond = ratio < params.bar, p < params.level
    if below:
        return (
            f"below {params.bar:g}, and beyond chance"
            if beyond
            else f"below {params.bar:g}; chance may be the reason"
        )
    return f"not below {params.bar:g}, but beyond chance" if beyond else f"not below {params.bar:g}"


def _table(
    found: Categories, params: FourFifthsParams, *, p: NDArray[np.float64], adjusted: NDArray[np.float64]
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for i, label in enumerate(found.attribute.labels):
        counts = (label, int(found.n[i]), int(found.picked[i]), _rounded(found.rate.value[i]))
        if found.impact is None or not found.large[i]:
            rows.append((*counts, None, None, None, "no ratio"))
            continue
        ratio, interval = float(found.impact.value[i]), found.impact.intervals[i]
        top = i == found.impact.over
        told = "highest rate" if top else reading(ratio, adjusted[i], params)
        rows.append((*counts, with_interval(ratio, interval), _p(p[i]), _p(adjusted[i]), told))
    caption = (
        f"{found.unknown:,} of {found.assessed:,} persons are of an unknown group. A ratio below {params.bar:g} is of "
        f"practical, a p-value below {params.level:g} among all groups (Holm) of statistical significance."
    )
    title = f"Selection by {found.attribute.title}, and the four-fifths ratio"
    return Table(title=title, columns=COLUMNS, rows=tuple(rows), caption=caption)


def _answer(
    found: Categories, params: FourFifthsParams, adjusted: NDArray[np.float64], context: Context
) -> None:
    """Say of the lowest ratio what it is, how sure, and whether chance may be the reason."""
    if found.impact is None or not np.isfinite(adjusted).any():
        return
    # A small group may have the lowest ratio by chance: it must not hide one that has a low ratio beyond chance.
    ratio = np.where(np.isfinite(adjusted), found.impact.value, np.nan)
    shown = (ratio < params.bar) & (adjusted < params.level)
    worst, labels = int(np.nanargmin(np.where(shown | ~shown.any(), ratio, np.nan))), found.attribute.labels
    interval = found.impact.intervals[worst]
    spread = "" if interval is None else f" ({interval.low:.2f} to {interval.high:.2f})"
    beyond = bool(adjusted[worst] < params.level)
    context.answer(
        Answer(
            f"By {found.attribute.title}: the selection rate of {labels[worst]} is {ratio[worst]:.2f}{spread} of that "
            f"of {labels[found.impact.over]}, {reading(ratio[worst], adjusted[worst], params)}.",
            basis=f"{found.n[worst]:,} and {found.n[found.impact.over]:,} persons; Fisher's exact test, Holm",
            sure="shown" if beyond else "not_shown",
            harm=beyond and bool(ratio[worst] < params.bar),
            exhibit=f"Selection by {found.attribute.title}, and the four-fifths ratio",
        )
    )


def _findings(found: Categories, p: NDArray[np.float64]) -> Iterator[Finding]:
    for i, group in enumerate(found.attribute.groups):
        n = int(found.n[i])
        if not n:
            yield Finding(
                metric="selection_rate",
                group=group,
                value=None,
                n=0,
                reason="not measured: nobody was assessed",
            )
            continue
        interval = found.rate.interval(i)
        yield Finding(
            metric="selection_rate", group=group, n=n, value=float(found.rate.value[i]), interval=interval,
            details={"attribute": found.attribute.title},
        )  # fmt: skip
        if found.impact is None:
            reason = "not measured: no group has a rate above 0, or there is no other group to compare with"
            yield Finding(metric="impact_ratio", group=group, n=n, value=None, reason=reason)
            continue
        yield Finding(
            metric="impact_ratio", group=group, n=n, value=float(found.impact.value[i]),
            interval=found.impact.intervals[i], details={"over": found.attribute.groups[found.impact.over]},
        )  # fmt: skip
        if np.isfinite(p[i]):
            yield Finding(metric="selection_p", group=group, n=n, value=float(p[i]))


def _rounded(value: float) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None


def _p(value: float) -> str | None:
    """Return a p-value in words that keep a small one apart from 0."""
    if not np.isfinite(value):
        return None
    return "< 0.0001" if value < 1e-4 else f"{value:.4f}"
