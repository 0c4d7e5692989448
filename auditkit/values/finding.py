"""One number about one group, with its interval, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit.values.compare import Compare
    from auditkit.values.metric import Direction


@dataclass(frozen=True)
class Interval:
    """A two-sided confidence interval [low, high] around a finding's value.

    `basis` holds what a gate needs to move the bound to a corrected level: the counts (x, n) of a Wilson
    interval or (x1, n1, x2, n2) of a Newcombe one. Without it the half-widths scale with the normal quantile.
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
    """

    metric: str
    value: float | None
    n: int
    step: str = ""
    group: str = ""
    compare: Compare = "absolute"
    interval: Interval | None = None
    unit: str = "share"
    direction: Direction = "neither"
    stage: int = 0
    reason: str = ""
    rows_needed: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
