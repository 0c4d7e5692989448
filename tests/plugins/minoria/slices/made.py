"""Made tables of mixed columns, and groups planted in them by a rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from auditkit import Subject
from auditkit_minoria.features.levels import levels_of

PLANTED = {
    "a = q": ("one", lambda t: t.a == "q"),
    "b in {w, y}": ("one", lambda t: t.b.isin(["w", "y"])),
    "x ≥ 65": ("cut", lambda t: t.x >= 65),
    "a = p and b = v": ("two", lambda t: (t.a == "p") & (t.b == "v")),
    "c = k and y ≥ 60": ("cut", lambda t: (t.c == "k") & (t.y >= 60)),
    "a in {p, q} and b in {u, v} and c = l": (
        "three",
        lambda t: t.a.isin(["p", "q"]) & t.b.isin(["u", "v"]) & (t.c == "l"),
    ),
}


def mixed(n, seed, noise=3):
    """Categories of 3 to 6 levels, numbers, and columns of 100 levels that mean nothing."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "a": rng.choice(list("pqrst"), n),
            "b": rng.choice(list("uvwxyz"), n, p=np.array([6, 5, 4, 3, 2, 1]) / 21),
            "c": rng.choice(["k", "l", "m"], n),
            "x": rng.normal(50, 10, n).round(1),
            "y": rng.integers(18, 80, n),
            "z": rng.exponential(size=n),
        }
    )
    for j in range(noise):
        table[f"noise{j}"] = rng.integers(0, 100, n).astype(str)
    return table


def planted(rule, n, seed, high=0.45, low=0.12):
    """A mixed table with a column `err` of errors, frequent where the rule holds, and where it does."""
    table = mixed(n, seed)
    group = PLANTED[rule][1](table).to_numpy()
    table["err"] = (np.random.default_rng(seed + 1000).random(n) < np.where(group, high, low)).astype(float)
    return table, group


def levels(table):
    return levels_of(Subject(table=table), list(table))
