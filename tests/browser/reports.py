"""The reports that a browser opens: made ones, and real runs of every kind of step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from render import example, hostile

from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit.values.report import Report


def many_groups() -> Report:
    """200 groups, each by six metrics."""
    findings = [
        Finding(
            step="rates",
            metric=f"m{m}",
            value=(-1) ** g * g / 600,
            n=100 + g,
            group=f"sex: Female & race: Asian-Pac-Islander & age: {g}",
            compare="to_rest",
            interval=Interval((-1) ** g * g / 600 - 0.1, (-1) ** g * g / 600 + 0.1),
            direction="higher_is_worse",
            signed=True,
        )
        for m in range(6)
        for g in range(200)
    ]
    return replace(example.report(), findings=tuple(findings), charts=(), tables=())


REPORTS: dict[str, Callable[[], Report]] = {
    "example": example.report,
    "hostile": hostile.report,
    "many-groups": many_groups,
}


def report(name: str) -> Report:
    """Return the report of that name."""
    return REPORTS[name]()
