"""Made tables in which the effect exists by construction, and ones in which both groups are one distribution."""

import numpy as np
import pandas as pd

from auditkit import Subject

COLUMNS = 12


def table(seed, *, distances, n=12_000, gap=0.0, columns=COLUMNS, minority=0.4):
    """Two Gaussian classes per group along one hidden direction, `distances` apart: majority first."""
    r = np.random.default_rng(seed)
    direction = r.normal(size=columns)
    direction /= np.linalg.norm(direction)
    y, small = r.integers(2, size=n), r.random(n) < minority
    apart = np.where(small, distances[1], distances[0])
    x = r.normal(size=(n, columns)) + ((y - 0.5) * apart + np.where(small, gap, 0))[:, None] * direction
    frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(columns)])
    return frame.assign(g=np.where(small, "few", "many"), y=np.where(y == 1, "yes", "no"))


def subject(frame, **changes):
    """A subject of such a table."""
    features = tuple(name for name in frame.columns if name not in {"g", "y"})
    return Subject(table=frame, target="y", positive="yes", features=features, sensitive=("g",), **changes)


def with_effect(seed):
    """The minority has more rows near the boundary that both groups share but for a small gap."""
    return subject(table(seed, distances=(4.0, 1.5), gap=0.05))


def without_effect(seed):
    """Both groups are the same distribution."""
    return subject(table(seed, distances=(2.0, 2.0)))
