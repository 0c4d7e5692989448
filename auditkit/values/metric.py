"""How a number is computed: its formula in the field's terms, its unit, and which side is worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditkit.values.compare import Compare, Direction


@dataclass(frozen=True, kw_only=True)
class Metric:
    """How a number is computed: its formula in the field's terms, and where it comes from.

    Findings take unit, direction and sign from here; see `auditkit.values.finding.as_declared`.
    """

    name: str
    title: str
    formula: str
    unit: str = "share"
    direction: Direction = "neither"
    source: str = ""
    compares: tuple[Compare, ...] = ("absolute",)
    """The comparisons that the step reports it in, and so the only ones that a gate may ask for."""
    signed: bool = False
    """Whether the number is itself a gap: 0 means no worse than the others."""
    said: str = ""
    """What it is called within a sentence, such as `recall`; its title where that is empty."""
