"""How a number is computed: its formula in the field's terms, its unit, and which side is worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher_is_worse", "lower_is_worse", "neither"]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """How a number is computed: its formula in the field's terms, and where it comes from."""

    name: str
    title: str
    formula: str
    unit: str = "share"
    direction: Direction = "neither"
    source: str = ""
