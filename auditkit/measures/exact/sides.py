"""Which claim a bound is read for."""

from __future__ import annotations

from typing import Literal, TypeAlias

Side: TypeAlias = Literal["above", "below"]
"""Which claim a bound is read for: that the truth lies above a threshold (low bound), or below it (high)."""

SIDES: tuple[Side, Side] = ("above", "below")
