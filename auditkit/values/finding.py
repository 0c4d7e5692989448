"""One number about one group, with its interval, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit.values.compare import Compare, Direction
    from auditkit.values.metric import Metric
    from auditkit.values.outcome import Outcome


@dataclass(frozen=True)
class Interval:
    """A two-sided confidence interval [low, high] around a finding's value.

    `basis` holds what a gate needs to move the bound to a corrected level: the counts (x, n) of a Wilson
    interval, (x1, n1, x2, n2) of a Newcombe one, the ends at several levels of a tabulated one. Without it the
    half-widths scale with the normal quantile.
    """

    low: float
    high: float
    confidence: float = 0.95
    method: str = "normal"
    basis: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One number about one group. `value` is None only together with a `reason` that it was not measurable.

    `group` is "" for all rows, a group's name, or, where `compare` is "difference" or "ratio", the attribute
    between whose groups the value stands. `compare` says what the value is relative to. `stage` counts the repairs
    that came before: before and after are one metric at two stages; a repair gives its own as 0 and 1.
    `unit`, `direction` and `signed` (0 means no worse than the others) are filled in from the declared metric, the
    direction as the subject's outcome has it; only a
    unit that is known no earlier than the data, such as that of a column of losses, is given by the step.
    """

    metric: str
    value: float | None
    n: int
    step: str = ""
    group: str = ""
    compare: Compare = "absolute"
    interval: Interval | None = None
    unit: str = ""
    direction: Direction = "neither"
    signed: bool = False
    stage: int = 0
    reason: str = ""
    rows_needed: int | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Groups that a value between groups does not cover because they have too few rows, and those rows."""
    details: Mapping[str, Any] = field(default_factory=dict)


def as_declared(finding: Finding, metric: Metric, outcome: Outcome | None = None, **changes: Any) -> Finding:
    """Return the finding with the unit, direction and sign that its metric, its comparison and the outcome give it.

    `changes` are other fields of it, set at the same time: a finding is made 27,000 times in a large audit.
    """
    kind = COMPARISONS[finding.compare]
    # A copy whole: `replace` sets fifteen fields of a frozen class one by one, and takes ten times as long.
    declared = object.__new__(type(finding))
    vars(declared).update(
        vars(finding),
        unit=kind.unit or finding.unit or metric.unit,
        direction=kind.direction or metric.direction_under(outcome),
        signed=kind.signed or metric.signed,
        **changes,
    )
    return declared
