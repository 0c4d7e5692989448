"""What a group must meet to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Standard:
    """What a group must meet: a loss gap of tau, shown with this confidence on at least min_n held-out rows."""

    tau: float = 0.0
    confidence: float = 0.95
    min_n: int = 30

    @property
    def level(self) -> float:
        """The one-sided level: a corrected p-value below it confirms."""
        return (1 - self.confidence) / 2
