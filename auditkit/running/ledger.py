"""What a running step gets from the host: rules, randomness, notes, progress, parallel work, predictions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from auditkit.values.exhibit import Chart, Table
    from auditkit.values.predictions import Predictions
    from auditkit.values.report import Skipped


class Observer:
    """Watches a run and says nothing; the command line has one that draws."""

    def step(self, name: str) -> None:
        """Learn that a step begins."""

    def result(self, step: str, table: pd.DataFrame) -> None:
        """Learn what a repair hands back."""

    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:  # noqa: ARG002
        """Yield the items."""
        return items


@dataclass
class Ledger:
    """What the steps of one run have said so far, and the predictions that they share."""

    notes: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    predictions: dict[tuple[Any, ...], Predictions] = field(default_factory=dict)
