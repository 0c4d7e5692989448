"""A limit that the chosen repair must keep: read from its words, and answered by a gap's interval."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditkit.errors import UsageError, nearest
from auditkit.measures.bounds.at_level import bound_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.values.finding import Finding

METRICS = {
    "equalized_odds": "equalized_odds_max",
    "equalized_odds_max": "equalized_odds_max",
    "equalized_odds_mean": "equalized_odds_mean",
    "demographic_parity": "demographic_parity",
    "equal_opportunity": "equal_opportunity",
}
"""The gaps that a limit may name, and the metric of each."""
_WORDS = re.compile(r"\s*(\w+)\s*(<=|<)\s*([0-9.]+)\s*")
Answered = Literal["breaks", "holds", "not_shown"]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A gap of `metric` is to be `most` at most; `name` is the word it was called by."""

    name: str
    metric: str
    most: float

    def answer(self, gaps: Sequence[Finding]) -> Answered:
        """Return whether gaps, one of each attribute, keep the limit: all of them must.

        It holds where every upper bound is within (an intersection-union test needs no correction), and breaks where a
        lower bound is beyond it, corrected for as many as there are (Bonferroni).
        """
        known = [gap for gap in gaps if gap.value is not None and gap.interval is not None]
        beyond = [
            bound_at(gap.value or 0.0, gap.interval, (1 - gap.interval.confidence) / 2 / len(known), "above")
            for gap in known
            if gap.interval is not None
        ]
        if any(low > self.most for low in beyond):
            return "breaks"
        return "holds" if known and len(known) == len(gaps) and highest(gaps) <= self.most else "not_shown"


def read_limit(text: str) -> Limit:
    """Return the limit of words such as `equalized_odds <= 0.05`. Raises UsageError for others."""
    found = _WORDS.fullmatch(text)
    if found is None:
        message = f"limit '{text}' is not a gap and its most; write it as \"equalized_odds <= 0.05\""
        raise UsageError(message)
    name, most = found[1], found[3]
    if name not in METRICS:
        message = f"limit '{text}': there is no gap '{name}'{nearest(name, METRICS)}"
        raise UsageError(message)
    try:
        value = float(most)
    except ValueError as error:
        message = f"limit '{text}': '{most}' is not a number"
        raise UsageError(message) from error
    if not 0 < value < 1:
        message = f"limit '{text}': a gap lies between 0 and 1, so its most must too; 5 points are 0.05"
        raise UsageError(message)
    return Limit(name=name, metric=METRICS[name], most=value)


def highest(gaps: Sequence[Finding]) -> float:
    """Return the largest upper bound of several gaps; infinity where one was not measured, or there is none."""
    return max((1e9 if gap.interval is None else gap.interval.high for gap in gaps), default=1e9)
