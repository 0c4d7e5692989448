"""New York City's table: rates and impact ratios by sex, by race or ethnicity, and by both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Answer, Finding, Table, UsageError
from auditkit.measures import Rates, impact_of_highest
from auditkit_rates.selection.categories import attribute_of, categories_of, crossed
from auditkit_rates.selection.chosen import above_median, selected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Cell, Context, Grouping, Interval, Subject
    from auditkit_rates.selection.categories import Attribute, Categories
    from auditkit_rates.selection.chosen import Chosen
    from auditkit_rates.selection.params import LL144Params

SEX = frozenset({"sex", "gender"})
RACE = frozenset(
    {"race", "ethnicity", "race_ethnicity", "race/ethnicity", "race or ethnicity", "race_or_ethnicity"}
)
CATEGORIES = {
    "sex": ("male", "female", "other", "non-binary"),
    "race": (
        "hispanic or latino", "white", "black or african american", "native hawaiian or pacific islander", "asian",
        "native american or alaska native", "two or more races",
    ),
}  # fmt: skip
"""The categories of the rule, as the federal EEO-1 report has them."""

OPINION = (
    "These are calculations, not opinions: whether a tool, a decision or a notice does what a law asks is for people "
    "to judge."
)
"""What every such table says of itself."""


def ll144(subject: Subject, params: LL144Params, context: Context) -> tuple[Finding, ...]:
    """Return the findings, and show the facts, a table for each attribute, and what the tables leave out."""
    # A score alone has no decision; where both are there the decision is what was done to people.
    chosen = selected(subject, context) if subject.pred else above_median(subject, str(subject.score))
    roles = roles_of(subject.groupings, params)
    context.show(_facts(params, chosen))
    attributes = {role: attribute_of(grouping, params.unknown) for role, grouping in roles.items()}
    for role, attribute in attributes.items():
        _say_unmapped(role, attribute, context)
    every = list(attributes.values())
    if len(every) == 2:
        every.append(crossed(*every))
    context.say(chosen.note)
    context.say(OPINION)
    findings: list[Finding] = []
    for attribute in every:
        if not attribute.labels:
            context.skip(f"impact ratios by {attribute.title}", "all persons are of an unknown category")
            continue
        found = categories_of(
            attribute, chosen, exclude_below=params.exclude_below, confidence=context.stats.confidence
        )
        findings += _tell(found, chosen, params, context)
    return tuple(findings)


def roles_of(groupings: Sequence[Grouping], params: LL144Params) -> dict[str, Grouping]:
    """Return the attributes that hold sex and race, named or by their names; UsageError if there is neither."""
    by_name = {grouping.name: grouping for grouping in groupings}
    found: dict[str, Grouping] = {}
    for role, named, usual in (("sex", params.sex, SEX), ("race", params.race, RACE)):
        if named and named not in by_name:
            message = f"ll144: --{role} names '{named}', which is none of the groups {', '.join(by_name)}"
            raise UsageError(message)
        name = named or next((one for one in by_name if one.strip().lower() in usual), "")
        if name:
            found[role] = by_name[name]
    if not found:
        known = ", ".join(by_name)
        message = f"ll144 finds no sex and no race among the groups {known}: say --sex COLUMN, --race COLUMN"
        raise UsageError(message)
    return found


def _facts(params: LL144Params, chosen: Chosen) -> Table:
    """Return the table of what was audited, by whom and of when."""
    named = {
        "Employer or agency": params.employer, "Tool": params.tool, "Calculated by": params.auditor,
        "Date of the calculation": params.calculated, "Date of first use": params.distributed,
        "Source of the data": params.data_source,
    }  # fmt: skip
    rows: list[tuple[Cell, ...]] = [(name, value or "not given") for name, value in named.items()]
    rows += [
        ("Persons assessed", int(chosen.assessed.sum())),
        (f"Persons {chosen.words}", int(chosen.picked.sum())),
    ]
    return Table(title="What was calculated", columns=("Field", "Value"), rows=tuple(rows), caption=OPINION)


def _say_unmapped(role: str, attribute: Attribute, context: Context) -> None:
    """Say which values are no category of the rule, spelled as it spells them."""
    other = [label for label in attribute.labels if label.strip().lower() not in CATEGORIES[role]]
    if other:
        context.say(
            f"'{attribute.title}' has values that the rule does not name so, kept as they are: {', '.join(other)}. The "
            f"rule's: {', '.join(CATEGORIES[role])}. Name others by where: under groups: in a recipe."
        )


def _tell(found: Categories, chosen: Chosen, params: LL144Params, context: Context) -> Iterator[Finding]:
    """Show a table and an answer, and yield the findings behind them."""
    second = _second(found, context.stats.min_n, context)
    context.show(table_of(found, chosen, second))
    if answer := _answer(found, chosen):
        context.answer(answer)
    for i, group in enumerate(found.attribute.groups):
        n = int(found.n[i])
        rate = float(found.rate.value[i])
        if not n:
            yield Finding(
                metric=chosen.metric, group=group, value=None, n=0, reason="not measured: nobody was assessed"
            )
            continue
        details = {"attribute": found.attribute.title, chosen.words: int(found.picked[i])}
        yield Finding(
            metric=chosen.metric,
            group=group,
            value=rate,
            n=n,
            interval=found.rate.interval(i),
            details=details,
        )
        reason = no_ratio(found, i, params.exclude_below)
        yield Finding(
            metric="impact_ratio", group=group, n=n, reason=reason, details=details,
            value=None if reason or found.impact is None else float(found.impact.value[i]),
            interval=None if reason or found.impact is None else found.impact.intervals[i],
        )  # fmt: skip


def no_ratio(found: Categories, i: int, exclude_below: float) -> str:
    """Return why a category has no ratio, "" where it has one."""
    if not found.large[i]:
        return (
            f"left out of the ratios: {found.n[i]:,} persons are {found.share[i]:.1%} of all assessed, and the rule "
            f"lets categories below {exclude_below:.0%} be left out"
        )
    if found.impact is None:
        return "not measured: no category has a rate above 0, or there is no other category to compare with"
    return ""


def _second(found: Categories, min_n: int, context: Context) -> NDArray[np.float64] | None:
    """Return the ratios to the highest rate of a category that is not small, where the highest is; else None."""
    if found.impact is None or found.n[found.impact.over] >= min_n:
        return None
    name = found.attribute.labels[found.impact.over]
    rates = Rates(found.rate.value, np.full(len(found.n), 0.1)).only(found.large & (found.n >= min_n))
    other = impact_of_highest(rates)
    known = "there is no larger category to compare with" if other is None else (
        f"the second ratio is to {found.attribute.labels[other.over]}, the highest of those with {min_n}"
    )  # fmt: skip
    context.say(
        f"By {found.attribute.title}, {name} has the highest rate and only {found.n[found.impact.over]} persons, so "
        f"that chance may have made it the highest; {known}."
    )
    return None if other is None else other.value


def table_of(found: Categories, chosen: Chosen, second: NDArray[np.float64] | None) -> Table:
    """Return the table of one attribute: a row for each category, and what it leaves out in the caption."""
    rate = "Selection rate" if chosen.metric == "selection_rate" else "Scoring rate"
    columns: tuple[str, ...] = (
        "Category",
        "Assessed",
        "Share",
        chosen.words.capitalize(),
        rate,
        "Impact ratio",
    )
    columns += ("Second ratio",) if second is not None else ()
    rows: list[tuple[Cell, ...]] = []
    for i, label in enumerate(found.attribute.labels):
        ratio = None if found.impact is None or not found.large[i] else found.impact
        interval = None if ratio is None else ratio.intervals[i]
        row: tuple[Cell, ...] = (
            label, int(found.n[i]), f"{found.share[i]:.1%}", int(found.picked[i]),
            with_interval(found.rate.value[i], found.rate.interval(i) if found.n[i] else None),
            None if ratio is None else with_interval(ratio.value[i], interval),
        )  # fmt: skip
        rows.append(row if second is None else (*row, with_interval(second[i], None)))
    left = [label for label, large in zip(found.attribute.labels, found.large, strict=True) if not large]
    caption = (
        f"{found.unknown:,} of {found.assessed:,} persons assessed are of an unknown category. In brackets: "
        f"{found.rate.confidence:.0%} intervals."
    )
    if left:
        caption += f" Without a ratio, because the rule lets small categories be left out: {', '.join(left)}."
    return Table(
        title=f"Impact ratios by {found.attribute.title}", columns=columns, rows=tuple(rows), caption=caption
    )


def with_interval(value: float, interval: Interval | None) -> str | None:
    """Return a number with its interval, such as `0.464 [0.432, 0.496]`; None for no number."""
    if not np.isfinite(value):
        return None
    return f"{value:.3f}" + (f" [{interval.low:.3f}, {interval.high:.3f}]" if interval is not None else "")


def _answer(found: Categories, chosen: Chosen) -> Answer | None:
    """Return the sentence on the category with the lowest ratio."""
    if found.impact is None:
        return None
    ratio = np.where(found.large, found.impact.value, np.nan)
    worst, highest = int(np.nanargmin(ratio)), found.impact.over
    interval = found.impact.intervals[worst]
    if interval is None or worst == highest:
        return None
    labels = found.attribute.labels
    return Answer(
        f"By {found.attribute.title}: {labels[worst]} {_were(chosen)} {ratio[worst]:.0%} as often as {labels[highest]} "
        f"({interval.low:.0%} to {interval.high:.0%}).",
        basis=f"{found.n[worst]:,} and {found.n[highest]:,} persons, {interval.confidence:.0%} interval",
        sure="shown" if interval.high < 1.0 else "not_shown",
        exhibit=f"Impact ratios by {found.attribute.title}",
    )


def _were(chosen: Chosen) -> str:
    return "were selected" if chosen.metric == "selection_rate" else "scored above the median"
