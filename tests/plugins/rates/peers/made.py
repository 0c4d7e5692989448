"""The tables on which every measure meets its peer: Adult, German credit, and made-up loans."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from auditkit import read_table
from auditkit.data.bundled.sets import ADULT, GERMAN_CREDIT


def adult():
    frame = read_table(Path(ADULT.path))
    y = (frame.income == ">50K").astype(int)
    return pd.DataFrame({"g": frame.sex.astype(str), "h": frame.race.astype(str), "y": y}), frame.age


def german():
    frame = read_table(Path(GERMAN_CREDIT.path))
    age = np.where(frame.age < 25, "young", np.where(frame.age < 45, "middle", "old"))
    return pd.DataFrame(
        {"g": frame.sex.astype(str), "h": age, "y": (frame.credit == 1).astype(int)}
    ), -frame.duration


def lending():
    """Made-up loans: three regions, thin in one, and scores with many ties."""
    rng = np.random.default_rng(11)
    region = rng.choice(["north", "south", "isles"], 2000, p=[0.56, 0.32, 0.12])
    worth = rng.normal(size=2000) - 0.3 * (region == "south")
    y = (rng.random(2000) < 1 / (1 + np.exp(-worth))).astype(int)
    branch = rng.choice(["a", "b", "rare"], 2000, p=[0.5, 0.49, 0.01])
    return pd.DataFrame({"g": region, "h": branch, "y": y}), pd.Series(np.round(worth, 1))


TABLES = {made.__name__: made for made in (adult, german, lending)}


PERMUTED = 1000
"""Rows of a table whose mean losses are compared: each of their gaps draws some ten thousand permutations."""


@cache
def people(table):
    """Return rows with groups g and h, a class y, a score s in few steps, decisions p and q, strata and weights w.

    `k` has three classes, as predicted by `c`; `t` is a number, as predicted by `v` and `u`; `whole` weighs in whole
    numbers.
    """
    frame, order = TABLES[table]()
    n, rng = len(frame), np.random.default_rng(1)
    score = (order.rank(pct=True).to_numpy() * 0.8 + 0.2 * rng.random(n)).round(2).clip(0, 1)
    third = np.minimum((score * 3).astype(int), 2)
    return frame.assign(
        s=score, p=(score >= 0.6).astype(int), q=(score + rng.normal(0, 0.1, n) >= 0.5).astype(int),
        k=np.where(rng.random(n) < 0.6, third, rng.integers(0, 3, n)), c=third,
        t=score * 10 + frame.y, v=score * 9, u=score * 9 + rng.normal(size=n),
        dept=(score * 40).astype(int) % 4, w=rng.gamma(2, size=n), whole=rng.integers(1, 4, n),
    )  # fmt: skip
