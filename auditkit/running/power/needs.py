"""The rows that one group needs for one rule: to show that it holds, and to show that it breaks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.measures.between.planning import Claim, least_shown, rows_to_show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditkit.gates.harm import Claim as HarmClaim
    from auditkit.gates.harm import Rule
    from auditkit.running.power.prospects import Prospect

LIKELY = 0.8
"""The chance to show what is true."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A rule with what is taken to be true: `gap` beyond no harm, or, of a number that is no gap, beyond the rule.

    `harm` and `alone` are the one-sided levels at which harm, and safety, may be claimed. `fewest` are the rows of the
    metric below which nothing is said, `limits` the numbers that there can be.
    """

    rule: Rule
    signed: bool
    gap: float
    harm: float
    alone: float
    fewest: int
    limits: tuple[float, float] = (-math.inf, math.inf)

    @property
    def may_break(self) -> bool:
        """Whether the rule asks for proof of harm."""
        return self.rule.asks in {"limit", "harm shown"}

    @property
    def may_hold(self) -> bool:
        """Whether the rule asks for proof that there is none."""
        return self.rule.asks in {"limit", "safety shown"}

    def harmful(self, claim: HarmClaim) -> float:
        """Return the true number that is harm by the claim."""
        away = self.gap if claim.side == "above" else -self.gap
        return away if self.signed else claim.threshold + away

    def harmless(self, claim: HarmClaim) -> float:
        """Return the true number that is no harm: no gap, or as far within the rule, if the number can be there."""
        away = self.gap if claim.side == "above" else -self.gap
        return 0.0 if self.signed else min(max(claim.threshold - away, self.limits[0]), self.limits[1])


@dataclass(frozen=True, kw_only=True)
class Need:
    """Rows of the group to show that the rule holds, and that it breaks; None where no number of rows would.

    `found` is the true number nearest to the rule whose harm the rows there are would show.
    """

    holds: int | None
    breaks: int | None
    found: float | None


def need_of(prospect: Prospect, question: Question) -> Need:
    """Return what a group needs for a rule."""
    return Need(
        holds=_rows(prospect, question, _to_hold(prospect, question)) if question.may_hold else None,
        breaks=_rows(prospect, question, _to_break(prospect, question)) if question.may_break else None,
        found=_found(prospect, question) if question.may_break else None,
    )


def enough(prospect: Prospect, question: Question, need: Need) -> bool:
    """Return whether the rows there are answer all that the rule asks."""
    asked = [need.holds] * question.may_hold + [need.breaks] * question.may_break
    return prospect.measured and all(rows is not None and rows <= prospect.rows for rows in asked)


def _to_hold(prospect: Prospect, question: Question) -> int | None:
    """Return the rows of the metric that show every claim's opposite."""
    sides = question.rule.claims
    power = 1.0 - (1.0 - LIKELY) / len(sides)
    return _most(
        rows_to_show(
            prospect.sampling,
            question.harmless(side),
            _claim(side.opposite, question.alone, power),
        )
        for side in sides
    )


def _to_break(prospect: Prospect, question: Question) -> int | None:
    """Return the rows of the metric that show the harm, on whichever side it is hardest of those that can be."""
    sides = _possible(prospect, question)
    level = question.harm / len(question.rule.claims)
    return _most(
        rows_to_show(prospect.sampling, question.harmful(side), _claim(side, level, LIKELY)) for side in sides
    )


def _possible(prospect: Prospect, question: Question) -> list[HarmClaim]:
    lowest = max(prospect.sampling.limits[0], question.limits[0])
    highest = min(prospect.sampling.limits[1], question.limits[1])
    return [side for side in question.rule.claims if lowest <= question.harmful(side) <= highest]


def _found(prospect: Prospect, question: Question) -> float | None:
    """Return the least harm that the rows there are show, as a gap, or as the number itself; the worst of two sides."""
    level, n = question.harm / len(question.rule.claims), round(prospect.rows * prospect.share)
    if n < question.fewest:
        return None
    found = [least_shown(prospect.sampling, n, _claim(side, level, LIKELY)) for side in question.rule.claims]
    known = [value for value in found if value is not None]
    if not known:
        return None
    return max(map(abs, known)) if question.signed else known[0]


def _claim(side: HarmClaim, level: float, power: float) -> Claim:
    return Claim(threshold=side.threshold, side=side.side, level=level, power=power)


def _most(found: Iterable[int | None]) -> int | None:
    """Return the largest of several numbers of rows; None if there is none, or if one of them is not enough."""
    rows = list(found)
    return None if None in rows else max((n for n in rows if n is not None), default=None)


def _rows(prospect: Prospect, question: Question, n: int | None) -> int | None:
    """Return the rows of the group that hold n of the metric, and the fewest that are measured at all."""
    # The small excess keeps 80.00000000001 rows from becoming 81.
    return None if n is None else math.ceil(max(n, question.fewest) / prospect.share - 1e-9)
