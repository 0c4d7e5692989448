"""Pairs of models drawn with and without a true change, and what `diff` claims of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from plugins.rates.change.differed import differed

N, RATE, MOVED, FALL = 5000, 0.4, 0.1, 0.03
MOST_FALSE = 28 / 300
"""At 5 %; more is no chance."""
LEAST_FOUND = 0.8
KINDS = ("null", "null rare", "null weights", "null clusters", "null many groups", "planted")


def drawn(kind: str, seed: int) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return rows with accepted predictions q and new ones p, and the roles of the columns besides those."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    rate = 0.02 if kind == "null rare" else RATE
    who = np.arange(N) // 5 if kind == "null clusters" else np.arange(N)
    y = rng.random(N)[who] < rate
    chance = np.where(y, 0.7, rate / 3)
    # Each is drawn anew with the chances that it had: nothing about anybody's rates changes.
    q, again, turned = (
        rng.random(N)[who] < chance,
        rng.random(N)[who] < chance,
        rng.random(N)[who] < 3 * MOVED,
    )
    p = np.where(turned, again, q)
    group = np.where(who % 2, "a", "b")
    if kind == "planted":
        p = _fallen(q, group == "a", rng)
    frame = pd.DataFrame({"g": group, "y": y.astype(int), "q": q.astype(int), "p": p.astype(int), "who": who})
    frame["h"] = rng.choice(list("uvwxyz"), N) if kind == "null many groups" else "u"
    frame["w"] = rng.gamma(1.0, size=N) * np.where(y, 3.0, 1.0)
    roles = {"null weights": {"weight": "w"}, "null clusters": {"cluster": "who"}}
    return frame, roles.get(kind, {})


def _fallen(q: np.ndarray, inside: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return decisions of which a tenth changed everywhere, and within the group 3 points more to 0 than to 1."""
    p = q.copy()
    for rows, fall in ((inside, FALL), (~inside, 0.0)):
        for value, share in ((True, (MOVED + fall) / 2), (False, (MOVED - fall) / 2)):
            mine = np.flatnonzero(rows & (q == value))
            turned = rng.random(len(mine)) < share * rows.sum() / len(mine)
            p[mine[turned]] = not value
    return p


def claimed(kind: str, seed: int) -> bool:
    """Return whether a run claims that some group got worse; of the planted kind, that it names the group."""
    frame, roles = drawn(kind, seed)
    _, ledger = differed(frame, groups=("g", "h") if kind == "null many groups" else ("g",), **roles)
    harms = [answer for answer in ledger.answers if answer.harm]
    if kind == "planted":
        mine = [answer for answer in harms if answer.text.endswith(" for g = a.")]
        return any("selection rate" in f"{answer.text} {answer.basis}".lower() for answer in mine)
    return bool(harms)


def share(kind: str, repeats: int, *, seed: int = 0) -> float:
    """Return the share of runs that claim."""
    return sum(claimed(kind, seed + i) for i in range(repeats)) / repeats
