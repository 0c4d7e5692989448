"""A gate's condition: `bound operator threshold`, such as lower_bound > 0.10."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import Literal, cast

from auditkit.errors import UsageError

_COMPARISONS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


_CONDITION = re.compile(
    r"\s*(lower_bound|upper_bound|value)\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*"
)


@dataclass(frozen=True)
class Condition:
    """`bound operator threshold`, such as lower_bound > 0.10."""

    bound: Literal["lower_bound", "upper_bound", "value"]
    sign: str
    threshold: float

    @property
    def proves_harm(self) -> bool:
        """Whether the condition is met only if the data show it: such bounds are corrected."""
        return (self.bound, self.sign[0]) in {("lower_bound", ">"), ("upper_bound", "<")}

    def met_by(self, number: float) -> bool:
        """Whether a number meets the condition."""
        return bool(_COMPARISONS[self.sign](number, self.threshold))


def parse_condition(text: str) -> Condition:
    """Return the condition that a gate states, or raise UsageError that shows the form."""
    found = _CONDITION.fullmatch(text)
    if not found:
        message = (
            f"'{text}' is no condition; write lower_bound, upper_bound or value, then > or <, then a number"
        )
        raise UsageError(message)
    return Condition(
        cast("Literal['lower_bound', 'upper_bound', 'value']", found[1]), found[2], float(found[3])
    )
