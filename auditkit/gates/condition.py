"""A rule of one side as a recipe writes it: `bound sign threshold`, such as lower_bound > 0.10."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, cast

from auditkit.errors import UsageError

_FORM = re.compile(
    r"\s*(lower_bound|upper_bound|value)\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*"
)


@dataclass(frozen=True)
class Condition:
    """`bound sign threshold`: the rule is broken where it is met."""

    bound: Literal["lower_bound", "upper_bound", "value"]
    sign: Literal[">", ">=", "<", "<="]
    threshold: float

    @property
    def upwards(self) -> bool:
        """Whether more is what the rule forbids."""
        return self.sign[0] == ">"


def parse_condition(text: str) -> Condition:
    """Return the condition that a gate states, or raise UsageError that shows the form."""
    found = _FORM.fullmatch(text)
    if not found:
        message = (
            f"'{text}' is no condition; write lower_bound, upper_bound or value, then > or <, then a number"
        )
        raise UsageError(message)
    threshold = float(found[3])
    if not math.isfinite(threshold):
        message = f"'{text}' has a threshold that no number reaches"
        raise UsageError(message)
    return Condition(
        cast("Literal['lower_bound', 'upper_bound', 'value']", found[1]),
        cast("Literal['>', '>=', '<', '<=']", found[2]),
        threshold,
    )
