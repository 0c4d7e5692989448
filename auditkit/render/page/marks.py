"""Small drawings inside table rows, as SVG whose places are percentages: they take the width there is, undistorted.

Each says in words what it shows (`aria-label`); the numbers stand beside it in the row. Colours come from style.css by
class, so that dark pages and print need no other drawing.
"""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HEIGHT, MIDDLE, DOT = 16, 8, 4.5
"""Pixels."""
MARGIN = 3.0
"""Percent of the width that is kept free at both ends, so that no dot is cut."""


@dataclass(frozen=True)
class Scale:
    """A number line from `low` to `high`, drawn from MARGIN to 100 - MARGIN percent of the width."""

    low: float
    high: float

    def at(self, value: float) -> str:
        """Return a value's place, such as `35.2%`; what lies beyond the line stands at its end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return f"{MARGIN + (100 - 2 * MARGIN) * share:.1f}%"


def scale_of(values: Iterable[float | None]) -> Scale:
    """Return the line that holds these values and zero."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    return Scale(low, high if high > low else low + 1.0)


def span_of(values: Iterable[float]) -> Scale:
    """Return the line from the least to the largest of these values, for moves: a small one is not drawn large."""
    known = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(known), max(known)
    lacking = max(0.1 * max(abs(low), abs(high)) - (high - low), 0.0) or (1.0 if low == high else 0.0)
    return Scale(low - lacking / 2, high + lacking / 2)


def strip(
    scale: Scale, *, value: float, ends: tuple[float | None, ...], limit: float | None, said: str, tone: str
) -> str:
    """Return a dot at the value, a bar to each end with a tick there, and a dashed line at the limit.

    An end that is infinite has no tick: the bar goes on to the edge.
    """
    known = [end for end in ends if end is not None]
    parts = [] if limit is None else [_upright(scale.at(limit), "limit", 0, HEIGHT)]
    if known:
        low, high = (scale.at(end) for end in (min(*known, value), max(*known, value)))
        parts.append(f'<line x1="{low}" x2="{high}" y1="{MIDDLE}" y2="{MIDDLE}" class="bar"/>')
    parts += [_upright(scale.at(end), "bar", 3, HEIGHT - 3) for end in known if math.isfinite(end)]
    parts.append(f'<circle cx="{scale.at(value)}" cy="{MIDDLE}" r="{DOT}"/>')
    return _drawn(parts, said, tone)


def move(scale: Scale, *, before: float, after: float, said: str, tone: str) -> str:
    """Return a ring where a number was before, a dot where it is after, and a line from one to the other."""
    first, last = scale.at(before), scale.at(after)
    zero = [_upright(scale.at(0.0), "zero", 0, HEIGHT)] if scale.low <= 0 <= scale.high else []
    return _drawn(
        [
            *zero,
            f'<line x1="{first}" x2="{last}" y1="{MIDDLE}" y2="{MIDDLE}" class="bar"/>',
            f'<circle cx="{first}" cy="{MIDDLE}" r="{DOT}" class="ring"/>',
            f'<circle cx="{last}" cy="{MIDDLE}" r="{DOT}"/>',
        ],
        said,
        tone,
    )


def bar(scale: Scale, *, value: float, reference: float | None, said: str) -> str:
    """Return a bar from zero to a share, and a tick at the reference's share."""
    start, end = (float(scale.at(place)[:-1]) for place in (0.0, value))
    parts = [f'<rect x="{min(start, end):.1f}%" width="{abs(end - start):.1f}%" y="4" height="8"/>']
    if reference is not None:
        parts.append(_upright(scale.at(reference), "tick", 0, HEIGHT))
    return _drawn(parts, said, "share")


def _upright(place: str, kind: str, top: float, bottom: float) -> str:
    return f'<line x1="{place}" x2="{place}" y1="{top}" y2="{bottom}" class="{kind}"/>'


def _drawn(parts: list[str], said: str, tone: str) -> str:
    label = html.escape(said, quote=True)
    return (
        f'<svg class="mark {tone}" height="{HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )
