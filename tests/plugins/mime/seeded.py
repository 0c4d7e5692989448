"""Made tables: two Gaussian classes per group; an effect by construction; both groups one distribution."""

import numpy as np
import pandas as pd

from auditkit import Subject
from auditkit.values.outcome import Outcome


def table(seed, *, distances, n=12_000, gap=0.0, columns=12, minority=0.4):
    """Two Gaussian classes per group along one hidden direction, `distances` apart: majority first."""
    r = np.random.default_rng(seed)
    direction = _direction(r, columns)
    y, small = r.integers(2, size=n), r.random(n) < minority
    apart = np.where(small, distances[1], distances[0])
    x = r.normal(size=(n, columns)) + ((y - 0.5) * apart + np.where(small, gap, 0))[:, None] * direction
    return _frame(x, y == 1, small)


def boundary(seed, *, near_minority, n=12_000, columns=20, gap=0.05, minority=0.4):
    """One sharp boundary along a hidden direction; most of the majority lies far from it, the rest within 0.6.

    With `near_minority`, the minority lies close to the boundary (more overlap), which is shifted by a small gap:
    its rows say where the boundary is, which few of the majority's do. Without, it is distributed as the majority.
    """
    r = np.random.default_rng(seed)
    direction, small = _direction(r, columns), r.random(n) < minority
    far = r.choice([-1, 1], size=n) * (2.5 + 0.5 * r.normal(size=n))
    along = np.where(r.random(n) < 0.4, 0.6 * r.normal(size=n), far)
    if near_minority:
        along = np.where(small, 0.3 * r.normal(size=n), along)
    shift = gap * small if near_minority else 0
    positive = r.random(n) < 1 / (1 + np.exp(-15 * (along - shift)))
    x = r.normal(size=(n, columns))
    return _frame(x + (along - x @ direction)[:, None] * direction, positive, small)


def reference(seed, *, effect, n=600, columns=20):
    """n rows of each class and group. With `effect`, train sets of 60 rows a class gain about 1.1 points by the minority.

    Majority classes lie 3 standard deviations apart, the minority's 2 with a spread of 0.5: its rows say more about
    the same boundary. Without, both groups are one distribution.
    """
    r = np.random.default_rng(seed)
    small, y = np.repeat([False, True], 2 * n), np.tile(np.repeat([False, True], n), 2)
    apart, spread = (np.where(small & effect, *pair) for pair in ((2.0, 3.0), (0.5, 1.0)))
    x = r.normal(size=(4 * n, columns)) * spread[:, None]
    x[:, 0] += (y - 0.5) * apart
    return _frame(x, y, small)


def subject(frame):
    """A subject of such a table."""
    features = tuple(name for name in frame.columns if name not in {"g", "y"})
    return Subject(
        table=frame,
        target="y",
        outcome=Outcome(column="y", value="yes", kind="positive"),
        features=features,
        sensitive=("g",),
    )


def _direction(r, columns):
    direction = r.normal(size=columns)
    return direction / np.linalg.norm(direction)


def _frame(x, positive, small):
    frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(x.shape[1])])
    return frame.assign(g=np.where(small, "few", "many"), y=np.where(positive, "yes", "no"))
