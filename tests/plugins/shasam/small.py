"""Small made subjects whose sensitive attribute leaks into a feature."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from auditkit import Stats, Subject
from auditkit.testing import make_context
from auditkit.values.outcome import Outcome
from auditkit_shasam.mining import make_cells
from auditkit_shasam.training import Rows


def codes(n, imbalance, seed):
    r = np.random.default_rng(seed)
    y = r.integers(2, size=n)
    return r, y, np.where(r.random(n) < imbalance / (1 + imbalance), y, 1 - y)


def leaky_rows(n, imbalance=4, seed=0):
    r, y, s = codes(n, imbalance, seed)
    x = r.normal(size=(n, 6))
    x[:, 0] += 1.5 * (2 * y - 1)
    x[:, 1] += 2.0 * (2 * s - 1)
    return Rows(torch.from_numpy(x.astype(np.float32)), make_cells(y, s))


def leaky_table(n=900, seed=0, imbalance=2):
    r, y, s = codes(n, imbalance, seed)
    table = pd.DataFrame(
        {
            "skill": r.normal(size=n) + 1.5 * (2 * y - 1),
            "proxy": r.normal(size=n) + 2.0 * (2 * s - 1),
            "town": r.choice(["a", "b", "c"], size=n),
            "sex": np.where(s == 1, "Male", "Female"),
            "age": r.integers(18, 80, size=n),
            "hired": np.where(y == 1, "yes", "no"),
        }
    )
    half = np.where(np.arange(n) % 3 == 0, "test", "train")
    return table.assign(split=half)


def subject_of(table, **roles):
    given = {
        "target": "hired",
        "outcome": Outcome(column="hired", value="yes", kind="favourable"),
        "split": "split",
        "sensitive": ("sex",),
    } | roles
    features = tuple(name for name in ("skill", "proxy", "town") if name in table.columns)
    return Subject(table=table, features=features, **given)


def context(seed=0):
    return make_context(step="shasam", stats=Stats(seed=seed, show_rows=5))
