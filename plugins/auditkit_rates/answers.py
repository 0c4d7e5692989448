"""What the audit answers: who fares worst beyond doubt, and what no assessed group's gap exceeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit import Answer, GroupWords, percent, plain_number, points
from auditkit.measures import certain_gaps, heavy_tail
from auditkit_rates.metrics.reported import METRICS
from auditkit_rates.rows.cuts import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Direction, Finding, Interval, Metric, Stats, Subject
    from auditkit.measures import Side

SIGNED = ("to_rest", "to_best", "to_reference")
OTHERS = {"to_rest": "the rest", "to_best": "the best group", "to_reference": "the reference group"}


@dataclass(frozen=True)
class Gap:
    """A gap that was measured, of a metric that has a worse side."""

    finding: Finding
    interval: Interval
    worse: Side
    own: float
    """The group's number itself."""

    @property
    def value(self) -> float:
        """The gap, group - others."""
        return self.finding.value or 0.0

    @property
    def least(self) -> float:
        """The harm at the kinder end of the interval."""
        return self.interval.low if self.worse == "above" else -self.interval.high

    @property
    def most(self) -> float:
        """The harm at the other end."""
        return self.interval.high if self.worse == "above" else -self.interval.low


def answers(findings: Sequence[Finding], subject: Subject, stats: Stats) -> Iterator[Answer]:
    """Yield what is shown, or that nothing is, and the bound for all assessed groups of one metric at once."""
    words = GroupWords({grouping.name: grouping.labels for grouping in subject.groupings})
    gaps = list(_gaps(findings, subject))
    if not gaps:
        compared = any(finding.compare in SIGNED and finding.value is not None for finding in findings)
        if not compared and any(finding.compare in SIGNED and finding.reason for finding in findings):
            yield Answer("No group has rows enough to be compared with the rest.", sure="too_few")
        apart = list(_selection_apart(findings, words))
        yield from apart or _apart(findings, words)
        return
    sure = certain_gaps(
        [gap.value for gap in gaps],
        [gap.interval for gap in gaps],
        [gap.worse for gap in gaps],
        correction=stats.correction,
    )
    certain = [gap for gap, shown in zip(gaps, sure, strict=True) if shown]
    tested = f"{percent(stats.confidence)} confidence, {stats.correction} over {len(gaps):,} gaps"
    if certain:
        worst = max(
            certain, key=lambda gap: (gap.finding.compare == "to_rest", _is_share(gap), round(gap.least, 12))
        )
        yield _worst(worst, words, tested=tested)
    else:
        yield Answer("No group is shown to fare worse than the rest.", sure="not_shown", basis=tested)
    # The first in the order of the declaration, not the worst: a bound of a metric chosen by its outcomes is none.
    # Of a heavy tail no size is shown.
    bounded = [gap for gap in gaps if gap.finding.compare == "to_rest"]
    heavy = {gap.finding.metric for gap in bounded if heavy_tail(gap.interval) is not None}
    told = next(
        (
            name
            for name in METRICS
            if any(gap.finding.metric == name for gap in bounded) and name not in heavy
        ),
        "",
    )
    yield from _no_more_than([gap for gap in bounded if gap.finding.metric == told])


def _selection_apart(findings: Sequence[Finding], words: GroupWords) -> Iterator[Answer]:
    """Yield how far apart the first attribute's selection rates are, where nobody said which side of them is worse."""
    own = {one.group: one for one in findings if (one.metric, one.compare) == ("selection_rate", "absolute")}
    apart = [one for one in findings if (one.metric, one.compare) == ("demographic_parity", "difference")]
    for found in apart[:1]:
        ends = [own.get(str(found.details.get(end))) for end in ("lowest", "highest")]
        if found.value is None or found.interval is None:
            continue
        said = [
            f"{percent(one.value)} for {words(one.group)}" for one in ends if one and one.value is not None
        ]
        if len(said) == len(ends):
            yield Answer(
                f"By {found.group}, the selection rate goes from {said[0]} to {said[1]}.",
                basis=f"{points(found.value)} points apart, {points(found.interval.low)} to "
                f"{points(found.interval.high)}, an interval for all pairs; {found.n:,} rows",
                sure="shown" if found.interval.low > 0.0 else "not_shown",
            )


def _apart(findings: Sequence[Finding], words: GroupWords) -> Iterator[Answer]:
    """Yield from where to where the first number goes over the first attribute that has it in several groups.

    Where no group has a number of its own, it is the gaps to the rest that are told, or the difference between groups.
    """
    for compare in ("absolute", "to_rest"):
        own = [one for one in findings if one.group and one.compare == compare and one.value is not None]
        alike: dict[tuple[str, str, str], list[Finding]] = {}
        for one in own:
            if (attribute := one.details.get("attribute")) != EVERYBODY:
                place = one.metric, str(attribute), str(one.details.get("class"))
                alike.setdefault(place, []).append(one)
        if alike:
            (name, attribute, _), groups = next(
                (i for i in alike.items() if len(i[1]) > 1), next(iter(alike.items()))
            )
            yield _from_to(METRICS[name], attribute, groups, words)
            return
    apart = next((one for one in findings if one.compare == "difference" and one.value is not None), None)
    if apart is not None:
        yield _between(apart, words)


def _between(apart: Finding, words: GroupWords) -> Answer:
    low, high = (words(str(apart.details[end])) for end in ("lowest", "highest"))
    value, called = apart.value or 0.0, apart.metric.replace("_", " ")
    size = f"{points(value)} points" if METRICS[apart.metric].unit == "share" else plain_number(value)
    ends = f": {low} is lowest, {high} highest" if low != high else ""
    return Answer(f"By {apart.group}, groups lie {size} apart in {called}{ends}.")


def _from_to(metric: Metric, attribute: str, groups: Sequence[Finding], words: GroupWords) -> Answer:
    lowest, highest = (pick(groups, key=lambda one: one.value or 0.0) for pick in (min, max))
    low, high = (_number_of(metric, one.value or 0.0) for one in (lowest, highest))
    where = f"goes from {low} for {words(lowest.group)} to {high} for {words(highest.group)}"
    if len(groups) == 1:
        where = f"is {low} for {words(lowest.group)}"
    elif lowest.value == highest.value:
        where = f"is {low} in each of {len(groups):,} groups"
    return Answer(
        f"By {attribute}, the {_said_of(metric)} {where}.",
        basis=f"{len(groups):,} groups, {sum(one.n for one in groups):,} rows; each number has its own interval",
    )


def _gaps(findings: Sequence[Finding], subject: Subject) -> Iterator[Gap]:
    own = {(one.metric, one.group): one.value for one in findings if one.compare == "absolute"}
    names = {one.metric for one in findings}
    sides = {name: _worse(METRICS[name].direction_under(subject.outcome)) for name in names}
    for finding in findings:
        worse, interval = sides[finding.metric], finding.interval
        if worse is None or interval is None or finding.value is None or finding.compare not in SIGNED:
            continue
        level = own.get((finding.metric, finding.group))
        if level is not None:
            yield Gap(finding, interval, worse, level)


def _worse(direction: Direction) -> Side | None:
    sides: dict[Direction, Side] = {"higher_is_worse": "above", "lower_is_worse": "below"}
    return sides.get(direction)


def _is_share(gap: Gap) -> bool:
    return METRICS[gap.finding.metric].unit == "share"


def _worst(gap: Gap, words: GroupWords, *, tested: str) -> Answer:
    """Return the answer about one group: its number and that of the others."""
    finding, said = gap.finding, _said(gap)
    mine, theirs = (_number(gap, value) for value in (gap.own, gap.own - gap.value))
    low, high = (_size(gap, end) for end in (gap.least, gap.most))
    unit = " points" if _is_share(gap) else ""
    own = f"{low} to {high} by its own interval"
    if heavy_tail(gap.interval) is not None:
        own = "of a heavy tail, so that only the side is shown"
    return Answer(
        f"{said[:1].upper()}{said[1:]} is {mine} for {words(finding.group)} and {theirs} for "
        f"{OTHERS[finding.compare]}.",
        basis=f"{_size(gap, abs(gap.value))}{unit} worse, {own}; {finding.n:,} rows; {tested}",
        sure="shown",
        harm=True,
    )


def _no_more_than(gaps: Sequence[Gap]) -> Iterator[Answer]:
    """Yield the bound for all groups at once: the largest one-sided bound, which needs no correction."""
    if not gaps:
        return
    bound = max(0.0, *(gap.most for gap in gaps))
    confidence = percent((1 + min(gap.interval.confidence for gap in gaps)) / 2, "down")
    verb = "trails the rest" if gaps[0].worse == "below" else "exceeds that of the rest"
    amount = f"{points(bound, 'up')} points" if _is_share(gaps[0]) else plain_number(bound, "up")
    yield Answer(
        f"With {confidence} confidence no assessed group's {_said(gaps[0])} {verb} by more than {amount}.",
        basis=f"the largest of {len(gaps):,} one-sided bounds; it holds for all of them at once, and is none for one",
        sure="shown",
    )


def _said(gap: Gap) -> str:
    return _said_of(METRICS[gap.finding.metric])


def _said_of(metric: Metric) -> str:
    return metric.said or metric.title[:1].lower() + metric.title[1:]


def _number(gap: Gap, value: float) -> str:
    return _number_of(METRICS[gap.finding.metric], value)


def _number_of(metric: Metric, value: float) -> str:
    if metric.signed and metric.unit == "share":
        return f"{'−' if value < 0 else '+'}{points(abs(value))} points"
    return percent(value) if metric.unit == "share" else plain_number(value)


def _size(gap: Gap, value: float) -> str:
    text = points(value) if _is_share(gap) else plain_number(abs(value))
    return f"−{text}" if value < 0 else text
