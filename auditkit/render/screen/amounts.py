"""The numbers of a gate's comparison as its reader sees them: in points where they are gaps between shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.values.compare import COMPARISONS
from auditkit.values.shown.said import percent, plain_number, points

if TYPE_CHECKING:
    from auditkit.values.compare import Compare
    from auditkit.values.gate import GateComparison, GateResult
    from auditkit.values.shown.said import Toward


@dataclass(frozen=True)
class Amounts:
    """How numbers of one comparison and unit are written. `floor`: the smaller the number, the worse.

    `change`: the number is itself a gap, whatever it is compared with.
    """

    compare: Compare
    unit: str
    floor: bool = False
    change: bool = False

    @property
    def in_points(self) -> bool:
        """Whether the numbers are gaps between shares."""
        kind = COMPARISONS[self.compare]
        return self.unit == "share" and (kind.signed or self.compare == "difference" or self.change)

    def number(self, value: float, toward: Toward = "nearest", *, beside: float | None = None) -> str:
        """Return a number without its unit: `24` of points, `0.28` of all others."""
        if self.in_points and value < 0:
            turned: dict[Toward, Toward] = {"nearest": "nearest", "down": "up", "up": "down"}
            text = points(value, turned[toward], beside=beside)
            return text if text == "0" else f"−{text}"
        if self.in_points:
            return points(value, toward, beside=beside)
        if self.unit == "rows":
            return f"{value:,.0f}"
        return plain_number(value, toward, beside=beside)

    def amount(self, value: float, toward: Toward = "nearest", *, beside: float | None = None) -> str:
        """Return a number with its unit: `24 points`."""
        text = self.number(value, toward, beside=beside)
        if not self.in_points:
            return text
        return f"{text} point{'' if text == '1' else 's'}"


def amounts_of(gate: GateResult, unit: str) -> Amounts:
    """Return how a gate's numbers are written."""
    return Amounts(gate.compare, unit, floor=gate.harm == "below" and not gate.signed)


def harm(gate: GateResult, one: GateComparison) -> tuple[float | None, float | None, float | None]:
    """Return (value, least, most) on the axis on which harm grows; of a floor, on which it shrinks."""
    if one.value is None:
        return None, None, None
    turned = gate.harm == "below" or (gate.harm == "either" and one.value < 0)
    if not (gate.signed and turned):
        return one.value, one.lower, one.upper
    return -one.value, None if one.upper is None else -one.upper, None if one.lower is None else -one.lower


def side_of_zero(gate: GateResult, one: GateComparison) -> str:
    """Return ` below 0` where a number that is compared with nothing harms on both sides of 0, else ""."""
    if COMPARISONS[gate.compare].signed or not gate.signed:
        return ""
    return " below 0" if (one.value or 0.0) < 0 else " above 0"


def share_or_number(value: float, unit: str) -> str:
    """Return a value within a sentence: `34 %`, or a number where it is no share."""
    return percent(value) if unit == "share" else plain_number(value)
