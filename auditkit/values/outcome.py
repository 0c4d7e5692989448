"""Which outcome is counted, and whether being counted is a benefit or a burden to the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["favourable", "unfavourable", "positive"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The value of a column that is counted: `favourable` is a benefit, `unfavourable` a burden, `positive` neither.

    `said` is False for a guess: the class is counted as if it were the favourable one, but no side is called worse.
    """

    column: str
    value: Any
    kind: Kind
    said: bool = True
    by: Literal["you", "data set"] = "you"
    """Who said it: the user, or the declaration of the bundled set."""
