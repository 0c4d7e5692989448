"""Two clusters in the plane: what mining picks there and what chance picks (SHaSaM, figures 4, 8, 9 and 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Chart, Layer
from auditkit_shasam.mining import Cells, Mining, Triple, drawn, make_cells, mine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Colour

BUDGET = 10
MINED = Mining(k=BUDGET, positives="log_determinant")
"""In a plane, coverage of all rows (facility location) finds its positives anywhere: the figures' far ones are
those of the log-determinant."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Rows of both classes, how far apart their clusters are, and the class that anchors are taken from.

    `spread` are the clusters' standard deviations: the abundant class varies more, balanced classes alike (D.3).
    """

    title: str
    sizes: tuple[int, int]
    apart: float
    anchors: int
    spread: tuple[float, float] = (1.2, 0.6)


SETTINGS = (
    Setting(title="Anchors of the abundant class (figure 4)", sizes=(500, 100), apart=4.0, anchors=0),
    Setting(title="Balanced classes (figure 8)", sizes=(200, 200), apart=4.0, anchors=0, spread=(0.9, 0.9)),
    Setting(title="Anchors of the rare class (figure 9)", sizes=(500, 100), apart=4.0, anchors=1),
    Setting(title="Overlapping clusters (figure 10)", sizes=(500, 100), apart=1.5, anchors=0),
)


def two_clusters(setting: Setting, *, seed: int = 0) -> tuple[NDArray[np.float64], Cells]:
    """Return points float64 [n, 2] and their cells: a cluster for each class, two groups at random in both."""
    rng = np.random.default_rng(seed)
    centres, spread = np.array([[4.0, 4.0], [4.0 + setting.apart, 4.0]]), setting.spread
    points = np.concatenate(
        [c + s * rng.normal(size=(n, 2)) for c, s, n in zip(centres, spread, setting.sizes, strict=True)]
    )
    return points, make_cells(np.repeat([0, 1], setting.sizes), rng.integers(2, size=len(points)))


def panels(*, seed: int = 0) -> Iterator[Chart]:
    """Yield two charts for each setting, side by side: sets that were mined, and random ones of the same cells."""
    for setting in SETTINGS:
        points, cells = two_clusters(setting, seed=seed)
        for how, mining in (("mined", MINED), ("at random", drawn(BUDGET))):
            rng = np.random.default_rng(seed)
            found = mine(points, cells, mining, pair=(setting.anchors, 0), rng=rng)
            yield _panel(setting, points, cells, found, how=how)


def _panel(setting: Setting, points: NDArray[np.float64], cells: Cells, found: Triple, *, how: str) -> Chart:
    sets: tuple[tuple[str, NDArray[Any], Colour], ...] = (
        ("class A", cells.target == 0, "faint"),
        ("class B", cells.target == 1, "third"),
        ("anchors", found.anchors, "accent"),
        ("positives", found.positives, "second"),
        ("negatives", found.negatives, "alarm"),
    )
    layers = [
        Layer(kind="points", name=name, x=tuple(x.tolist()), y=tuple(y.tolist()), colour=colour)
        for name, rows, colour in sets
        for x, y in (points[rows].T,)
    ]
    return Chart(
        title=f"{setting.title}: {how}",
        row=setting.title,
        layers=tuple(layers),
        square=True,
        x_title="first feature",
        y_title="second feature",
        caption=f"{BUDGET} anchors, positives and negatives; similarity is the cosine of the angle seen from 0.",
    )
