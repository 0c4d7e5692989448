"""The search in pictures: skew against angle, the plane with direction and tail, and projected histograms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Chart, Layer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_minoria.directions.sweep import Sweep
    from auditkit_minoria.features.encoded import Features
    from auditkit_minoria.groups.tail import Tail

POINTS, BARS, ANGLES = 2000, 60, 360


def angle_chart(found: Sweep, reported: NDArray[np.float64], scales: tuple[float, float]) -> Chart:
    """Return the largest |skew| near each angle, signed, with the reported angles (radians) marked.

    Angles go in as those of the standardised plane and are drawn as those of the columns, whose `scales` are these.
    """

    def raw(angles: NDArray[np.float64]) -> NDArray[np.float64]:
        turned: NDArray[np.float64] = np.degrees(
            np.arctan2(np.sin(angles) / scales[1], np.cos(angles) / scales[0])
        )
        return turned

    step = max(1, len(found.angles) // ANGLES)
    degrees, skews = raw(found.angles[::step]), found.skews[::step]
    return Chart(
        title="Skew of the projection, by direction",
        layers=(
            Layer(kind="line", name="skew", x=tuple(degrees.tolist()), y=tuple(skews.tolist())),
            Layer(kind="horizontal", name="no skew", y=(0.0,), colour="faint", thin=True),
            Layer(
                kind="vertical",
                name="reported",
                x=tuple(raw(reported).tolist()),
                colour="alarm",
                thin=True,
            ),
        ),
        x_title="angle (degrees)",
        y_title="skew",
        caption="Below 0 the long tail is on the lower side of the direction.",
    )


def plane_chart(
    name: str,
    features: Features,
    one: Tail,
    names: tuple[str, str],
    rng: np.random.Generator,
) -> Chart:
    """Return the points of two features (a sample of many) with the tail set off and the direction through the mean."""
    tail, sign = one.members(features), 1.0 if one.side == "upper" else -1.0
    scale = np.array([column.scale for column in features.columns])
    centre = np.array([column.centre for column in features.columns])
    middle = features.matrix.mean(axis=0)
    reach = float(np.abs((features.matrix - middle) @ one.direction).max())
    points = features.matrix * scale + centre
    ends = np.stack([middle - reach * one.direction, middle + reach * one.direction]) * scale + centre
    ends = ends[np.argsort(ends[:, 0], kind="stable")]
    shown = np.sort(rng.permutation(len(points))[:POINTS])
    rest, inside = (points[shown][tail[shown] == side] for side in (False, True))
    end = "upper" if sign * one.direction[1] > 0 else "lower"
    return Chart(
        title=f"The plane, and the tail of {name}",
        layers=(
            _dots("other rows", rest, alarm=False),
            _dots("tail", inside, alarm=True),
            Layer(kind="line", name="direction", x=tuple(ends[:, 0].tolist()), y=tuple(ends[:, 1].tolist())),
        ),
        x_title=names[0],
        y_title=names[1],
        caption=f"{len(shown):,} of {len(points):,} rows. The tail lies at the {end} end of the direction.",
        personal=True,
    )


def _dots(name: str, points: NDArray[np.float64], *, alarm: bool) -> Layer:
    x, y = points.T.tolist()
    return Layer(kind="points", name=name, x=tuple(x), y=tuple(y), colour="alarm" if alarm else "faint")


def histogram(name: str, projection: NDArray[np.float64], one: Tail) -> Chart:
    """Return the histogram of the projected rows [n], cut at the threshold so that the tail stands apart."""
    low, high = float(projection.min()), float(projection.max())
    width = (high - low) / BARS or 1.0
    first = one.threshold - width * np.ceil((one.threshold - low) / width)
    edges = first + width * np.arange(int(np.ceil((high - first) / width)) + 1)
    heights = np.histogram(projection, bins=edges)[0]
    cut = int(np.abs(edges - one.threshold).argmin())
    parts = {"tail": slice(cut, None), "other rows": slice(None, cut)}
    if one.side == "lower":
        parts = {"tail": slice(None, cut), "other rows": slice(cut, None)}
    layers = []
    for label, bars in parts.items():
        counts = heights[bars]
        if len(counts):
            start = bars.start or 0
            outline = edges[start : start + len(counts) + 1]
            layers.append(
                Layer(
                    kind="bars",
                    name=label,
                    x=tuple(outline.tolist()),
                    y=tuple(map(float, counts.tolist())),
                    colour="alarm" if label == "tail" else "accent",
                )
            )
    return Chart(
        title=f"Rows projected on {name}",
        layers=(
            *layers,
            Layer(kind="vertical", name="threshold", x=(one.threshold,), colour="ink", thin=True),
        ),
        x_title="linear score",
        y_title="rows",
        row="projections",
        caption=f"Skew {one.skew:+.3f}: the long tail is on the {one.side} side.",
    )
