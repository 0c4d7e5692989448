"""Draws the picture of docs/minoria.md: `python docs/minoria_figures.py`, with a Chromium on the path.

Two normal clouds in 20 dimensions, 20,000 rows, one of them thinned to a tenth: far apart (a linear rule tells them)
and near. Explore & exploit, told nothing of the clouds, looks for skew (the paper's figures 6 and 7).
"""

from __future__ import annotations

import numpy as np
from shasam_figures import FOLDER, save_png, sheet

from auditkit import Chart, Layer
from auditkit_minoria.directions.explore import explore
from auditkit_minoria.directions.unit import SEPARATION, separated

ROWS, D, THINNED, BARS, DIRECTIONS = 20_000, 20, 0.1, 50, 2
CASES = {"easy": 6.0, "hard": 0.7}
"""Standard deviations between the clouds' means."""


def clouds(apart: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points [n, d] and who is in the thinned cloud, bool [n]."""
    rng = np.random.default_rng(seed)
    towards = rng.normal(size=D)
    minor = np.arange(ROWS) < THINNED * ROWS
    points = rng.normal(size=(ROWS, D)) + apart * minor[:, None] * towards / np.linalg.norm(towards)
    return points, minor


def panels() -> list[Chart]:
    """Return the histograms of both clouds on the directions of most skew, for the easy case and the hard one."""
    charts = []
    for name, apart in CASES.items():
        points, minor = clouds(apart)
        found = explore(points, np.random.default_rng(1))
        places = separated(found.directions, np.abs(found.skews), top=DIRECTIONS, separation=SEPARATION)
        for place in places:
            sign = 1.0 if found.skews[place] >= 0 else -1.0
            projection = sign * points @ found.directions[place]
            tail = projection >= np.quantile(projection, 1 - THINNED / 2)
            caught = f"{minor[tail].mean():.0%} of the tail"
            charts.append(_chart(f"{name}: {caught}", projection, minor))
    return charts


def _chart(title: str, projection: np.ndarray, minor: np.ndarray) -> Chart:
    edges = np.linspace(projection.min(), projection.max(), BARS + 1)
    layers = [
        Layer(
            kind="bars",
            name=name,
            x=tuple(edges.tolist()),
            y=tuple(np.histogram(projection[rows], bins=edges)[0].astype(float).tolist()),
            colour=colour,
        )
        for name, rows, colour in (("other rows", ~minor, "accent"), ("thinned cloud", minor, "alarm"))
    ]
    return Chart(title=title, layers=tuple(layers), x_title="projection", y_title="rows")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    save_png(*sheet(panels()), FOLDER / "minoria-explore.png")
