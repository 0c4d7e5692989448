"""What `diff` answers: who got worse beyond doubt, by how much at most anybody did, and whose decision changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditkit import Answer, GroupWords, percent, plain_number, points
from auditkit.measures import certain_gaps
from auditkit_rates.change.decisions import TITLE
from auditkit_rates.change.metrics import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Finding, Interval, Stats, Subject
    from auditkit.measures import Side
    from auditkit_rates.change.decisions import Decided

MOST_NAMED = 3
"""Groups that the first screen names; the table has all."""


@dataclass(frozen=True)
class _Claim:
    """That one change went to one side; `harm` where that side is the worse one."""

    finding: Finding
    interval: Interval
    side: Side
    harm: bool

    @property
    def value(self) -> float:
        return self.finding.value or 0.0

    @property
    def least(self) -> float:
        """The change to that side at the nearer end of the interval."""
        return self.interval.low if self.side == "above" else -self.interval.high

    @property
    def most(self) -> float:
        """The same at the farther end."""
        return self.interval.high if self.side == "above" else -self.interval.low

    @property
    def is_share(self) -> bool:
        return CHANGES[self.finding.metric].unit == "share"

    def number(self, value: float) -> str:
        return percent(value) if self.is_share else plain_number(value)

    def size(self, value: float, toward: Literal["nearest", "up"] = "nearest") -> str:
        text = points(value, toward) if self.is_share else plain_number(abs(value), toward)
        return f"−{text}" if value < 0 else text

    @property
    def verb(self) -> str:
        return "rose" if self.value > 0 else "fell"

    @property
    def unit(self) -> str:
        return " points" if self.is_share else ""

    @property
    def said(self) -> str:
        metric = CHANGES[self.finding.metric]
        return metric.said or metric.title[:1].lower() + metric.title[1:]


def answers(findings: Sequence[Finding], subject: Subject, stats: Stats) -> Iterator[Answer]:
    """Yield what is shown to have changed, or that nothing is, and the most by which any group got worse."""
    changes = [one for one in findings if one.compare == "change"]
    claims = list(_claims(changes, subject))
    if not claims:
        yield Answer("No group has rows enough to say what changed for it.", sure="too_few")
        return
    sure = certain_gaps(
        [claim.value for claim in claims],
        [claim.interval for claim in claims],
        [claim.side for claim in claims],
        correction=stats.correction,
    )
    words = GroupWords({grouping.name: grouping.labels for grouping in subject.groupings})
    tested = f"{percent(stats.confidence)} confidence, {stats.correction} over {len(claims):,} changes"
    certain = [claim for claim, shown in zip(claims, sure, strict=True) if shown]
    harms = _worst_first([claim for claim in certain if claim.harm])
    for claim in harms[:MOST_NAMED]:
        same = [
            one
            for one in certain
            if one.harm and one.finding.group == claim.finding.group and one is not claim
        ]
        also = "".join(f"; {one.said} {one.verb} too" for one in same[:MOST_NAMED])
        yield _shown(claim, words, tested=f"{tested}{also}")
    if not harms:
        sided = any(claim.harm for claim in claims)
        text = (
            "No group is shown to fare worse than before."
            if sided
            else "No side of these numbers is called worse."
        )
        yield Answer(text, sure="not_shown", basis=tested)
    yield from (
        _shown(claim, words, tested=tested)
        for claim in _worst_first([claim for claim in certain if not claim.harm])[:1]
    )
    for metric in dict.fromkeys(claim.finding.metric for claim in claims if claim.harm):
        yield _no_more_than([claim for claim in claims if claim.harm and claim.finding.metric == metric])


def decisions_answer(groups: Sequence[Decided], subject: Subject) -> Answer:
    """Return how many decisions changed, and in which group the largest share of them."""
    whole = groups[0]
    if not whole.changed:
        return Answer(f"All {whole.rows:,} rows are decided as before.", exhibit=TITLE)
    words = GroupWords({grouping.name: grouping.labels for grouping in subject.groupings})
    named = [one for one in groups[1:] if one.rows >= MOST_NAMED * 10]
    most = max(named, key=lambda one: one.share, default=None)
    where = (
        ""
        if most is None
        else f", most often of {words(most.group)} ({percent(most.share)} of {most.rows:,} rows)"
    )
    return Answer(f"{whole.changed:,} of {whole.rows:,} rows are decided otherwise{where}.", exhibit=TITLE)


def coming_and_going(findings: Sequence[Finding], subject: Subject) -> Iterator[Answer]:
    """Yield which groups are gone, and which are new, where the two sides do not have the same."""
    words = GroupWords({grouping.name: grouping.labels for grouping in subject.groupings})
    for begins, text in (
        ("gone:", "gone, none of their rows is there now"),
        ("new:", "new, so that no change is known"),
    ):
        reasons = {one.group: one.reason for one in findings if one.compare == "change"}
        groups = [group for group, reason in reasons.items() if reason.startswith(begins)]
        if groups:
            named = ", ".join(map(words, groups[:MOST_NAMED]))
            more = f" and {len(groups) - MOST_NAMED:,} more" if len(groups) > MOST_NAMED else ""
            yield Answer(f"Groups that are {text}: {named}{more}.")


def _claims(changes: Sequence[Finding], subject: Subject) -> Iterator[_Claim]:
    sides: dict[str, Side] = {"higher_is_worse": "above", "lower_is_worse": "below"}
    for one in changes:
        if one.value is None or one.interval is None:
            continue
        worse = sides.get(CHANGES[one.metric].direction_under(subject.outcome))
        if worse is not None:
            yield _Claim(one, one.interval, worse, harm=True)
        else:
            yield _Claim(one, one.interval, "above", harm=False)
            yield _Claim(one, one.interval, "below", harm=False)


def _worst_first(claims: Sequence[_Claim]) -> list[_Claim]:
    """Return shares before other numbers, groups before all rows, the largest sure change first; each group once."""
    ordered = sorted(claims, key=lambda one: (not one.is_share, not one.finding.group, -one.least))
    seen: dict[str, _Claim] = {}
    for claim in ordered:
        seen.setdefault(claim.finding.group, claim)
    return list(seen.values())


def _shown(claim: _Claim, words: GroupWords, *, tested: str) -> Answer:
    one, details = claim.finding, claim.finding.details
    who = words(one.group) if one.group else "all rows"
    said = f"{claim.said[:1].upper()}{claim.said[1:]}"
    if "before" in details:
        levels = f"from {claim.number(details['before'])} to {claim.number(details['after'])}"
        text = f"{said} {claim.verb} {levels} for {who}."
    else:
        text = f"{said} {claim.verb} by {claim.size(abs(claim.value))}{claim.unit} for {who}."
    rows = f"{details['lost']:,} rows lost, {details['gained']:,} gained; " if "lost" in details else ""
    span = f"{claim.size(claim.least)} to {claim.size(claim.most)}"
    basis = f"{claim.size(abs(claim.value))}{claim.unit}, {span} by its own interval; {rows}{one.n:,} rows; {tested}"
    return Answer(text, basis=basis, sure="shown", harm=claim.harm)


def _no_more_than(claims: Sequence[_Claim]) -> Answer:
    """Return the bound for all groups at once: the largest one-sided bound, which needs no correction."""
    bound = max(0.0, *(claim.most for claim in claims))
    confidence = percent((1 + min(claim.interval.confidence for claim in claims)) / 2, "down")
    first = claims[0]
    verb = "rose" if first.side == "above" else "fell"
    return Answer(
        f"With {confidence} confidence no assessed group's {first.said} {verb} by more than "
        f"{first.size(bound, 'up')}{first.unit}.",
        basis=f"the largest of {len(claims):,} one-sided bounds; it holds for all of them at once, and is none for one",
        sure="shown",
    )
