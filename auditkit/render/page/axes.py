"""A chart's two axes: where a value stands in pixels, and the ticks, which are round numbers."""

from __future__ import annotations

import html
import math
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT, RIGHT, TOP, BOTTOM = 54.0, 14.0, 26.0, 42.0
"""Pixels around the plot: tick labels at the left, the vertical axis's title above it, ticks and title below."""
TICKS = 6
"""Roughly how many ticks an axis has."""


@dataclass(frozen=True)
class Axis:
    """A number line from `low` to `high` over pixels from `start` to `end`; `log` is of base ten."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        low, high, value = (
            (math.log10(v) for v in (self.low, self.high, value))
            if self.log
            else (self.low, self.high, value)
        )
        return self.start + (self.end - self.start) * (value - low) / (high - low)

    def holds(self, value: float) -> bool:
        """Whether a value stands on the axis; what is not above zero does not stand on a logarithmic one."""
        return not self.log or value > 0

    @property
    def ticks(self) -> tuple[float, ...]:
        """Round values, ascending."""
        return _log_ticks(self.low, self.high) if self.log else _ticks(self.low, self.high)


def _ticks(low: float, high: float) -> tuple[float, ...]:
    rough = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(float(f"{i * step:.12g}") for i in range(first, last + 1))


def _log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return powers of ten, with twice and five times them where there are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for sizes in ((1,), (1, 2, 5), tuple(range(1, 10))):
        found = tuple(
            size * 10.0**power for power in powers for size in sizes if low <= size * 10.0**power <= high
        )
        if len(found) >= 2:
            return found
    return (low, high)


def drawn(x: Axis, y: Axis, *, titles: tuple[str, str]) -> Iterator[str]:
    """Yield grid lines, tick labels and the titles of both axes, as SVG."""
    for value in y.ticks:
        place = f"{y.at(value):.1f}"
        yield f'<path class="gridline" d="M{x.start:.0f} {place}H{x.end:.0f}"/>'
        yield f'<text class="end" x="{x.start - 7:.0f}" y="{float(place) + 4:.1f}">{_label(value, y.ticks)}</text>'
    for value in x.ticks:
        place = f"{x.at(value):.1f}"
        yield f'<path class="gridline" d="M{place} {y.end:.0f}V{y.start:.0f}"/>'
        yield f'<text class="middle" x="{place}" y="{y.start + 16:.0f}">{_label(value, x.ticks)}</text>'
    across, up = (html.escape(text) for text in titles)
    yield f'<text class="middle" x="{(x.start + x.end) / 2:.0f}" y="{y.start + 34:.0f}">{across}</text>'
    yield f'<text x="2" y="12">{up}</text>'


def _label(value: float, ticks: tuple[float, ...]) -> str:
    """Return a tick's number with as many decimals as tell the ticks apart."""
    if value == 0:
        return "0"
    if abs(value) >= 1e7 or abs(value) < 1e-4:
        return ("−" if value < 0 else "") + f"{abs(value):.0e}"
    step = min((b - a for a, b in pairwise(ticks)), default=abs(value))
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:,.{min(digits, 8)}f}".replace("-", "−")


def fitted(text: str, width: float) -> str:
    """Return the text, shortened so that it takes about `width` pixels at most."""
    room = width / 6.6
    for index, char in enumerate(text):
        room -= _char_width(char)
        if room < 0:
            return text[: max(index - 1, 0)].rstrip() + "…"
    return text


def _char_width(char: str) -> float:
    """Return a letter's width in units of a common small letter of the sans-serif faces in use."""
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in {"W", "F"} or char in "mwMW@%…—":
        return 1.7
    return 1.25 if char.isupper() else 0.55 if char in "iljtfr.,:;'|! ()[]" else 1.0
