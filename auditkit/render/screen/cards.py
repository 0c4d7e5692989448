"""Groups that nobody named, as cards: what they are in words, how they fare and on how many rows, who is in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from auditkit.render import outline, words
from auditkit.render.screen.names import details_of, shortest_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.values.finding import Finding
    from auditkit.values.report import Report


@dataclass(frozen=True)
class Member:
    """A value that is more common in a group than in all rows, with both shares."""

    value: str
    share: float
    share_of_all: float


@dataclass(frozen=True)
class Card:
    """One mined group.

    `title` is its shortest rule in words, `fit` says how well that rule catches the group ("F1 0.56", "exact" or ""),
    `rule` the whole one. `gap` is `+0.28 [+0.24, +0.31]`, on `n_gap` rows that the search did not see. `kind` says
    whether the group is mis-predicted, harder to predict or both, where its step can tell.
    """

    name: str
    step: str
    title: str
    fit: str
    rule: str
    rows: int
    share: float
    gap: str
    n_gap: int
    unit: str
    confirmed: bool | None
    kind: str
    found_by: str
    who: tuple[Member, ...]
    harm: float


def cards(report: Report) -> tuple[Card, ...]:
    """Return the groups that steps found, confirmed ones first, and of these the one of most harm: gap times rows."""
    made = [_card(item, report) for item in outline.found(report)]
    return tuple(sorted(made, key=lambda card: (card.confirmed is False, card.confirmed is None, -card.harm)))


def _card(item: outline.Found, report: Report) -> Card:
    entry, finding = item.entry, item.finding
    details = details_of(entry, report)
    title, fit = shortest_rule(entry, details)
    return Card(
        name=words.visible(entry.name, limit=40),
        step=entry.step,
        title=words.visible(title, limit=1000),
        fit=words.visible(fit, limit=40),
        rule=words.visible(entry.rule, limit=2000),
        rows=entry.n,
        share=entry.share,
        gap=_gap(finding),
        n_gap=0 if finding is None else finding.n,
        unit="" if finding is None else words.visible(finding.unit.replace("_", "-"), limit=40),
        confirmed=entry.confirmed,
        kind=_kind(str(details.get("kind") or "")),
        found_by=words.visible(str(details.get("found_by") or ""), limit=60),
        who=tuple(_members(details.get("who"))),
        harm=_harm(finding),
    )


def _gap(finding: Finding | None) -> str:
    """Return how far a group's loss is from the others', with its interval where a heavy tail leaves one."""
    from auditkit.measures import heavy_tail

    if finding is None or finding.value is None:
        return ""
    if finding.interval is not None and heavy_tail(finding.interval) is not None:
        return f"{words.estimate(replace(finding, interval=None))} (heavy tail: no interval)"
    return words.estimate(finding)


def _kind(kind: str) -> str:
    """Return how a group is served, in words that stand alone; "" where its step cannot tell."""
    if kind in {"not known", "not shown"}:
        return ""
    return words.visible({"both": "mis-predicted and harder to predict"}.get(kind, kind), limit=60)


def _members(who: Any) -> Sequence[Member]:
    """Return who is in a group, as its step tells it: rows of (value, share in the group, share in all rows)."""
    if not isinstance(who, list | tuple):
        return ()
    found = []
    for row in who:
        cells = tuple(row.values()) if isinstance(row, Mapping) else row
        if (
            isinstance(cells, list | tuple)
            and len(cells) == 3
            and all(isinstance(x, int | float) for x in cells[1:])
        ):
            found.append(Member(words.visible(str(cells[0]), limit=80), float(cells[1]), float(cells[2])))
    return found


def _harm(finding: Finding | None) -> float:
    if finding is None or finding.value is None:
        return float("-inf")
    return finding.n * (-finding.value if finding.direction == "lower_is_worse" else finding.value)
