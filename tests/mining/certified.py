"""How often a certificate of absence is broken: a group's true rate, or its gap to the rest, lies above the bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mining.scores import seldom
from plugins.minoria.slices.made import levels, mixed

from auditkit_minoria.confirm.certificate import certificate
from auditkit_minoria.slices.cells import Limits
from auditkit_minoria.slices.cubes import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd
    from mining.scores import Score
    from numpy.typing import NDArray

ROWS, CONFIDENCE = 3000, 0.95
CHANCES: dict[str, Callable[[pd.DataFrame], NDArray[np.float64]]] = {
    "one group far above": lambda t: np.where(t["a"] == "q", 0.6, 0.01),
    "one small group far above": lambda t: np.where((t["a"] == "q") & (t["b"] == "x") & (t["c"] == "k"), 0.6, 0.01),
    "all alike": lambda t: np.full(len(t), 0.2),
    "all unlike": lambda t: 0.1 + 0.2 * (t["a"] == "q") + 0.2 * (t["b"] == "v") + 0.2 * (t["x"] > 55),
    "none ever": lambda t: np.zeros(len(t)),
}  # fmt: skip


def broken(chances: str, seeds: Sequence[int]) -> Iterator[Score]:
    """Yield how many certificates for all groups of up to three conditions are broken, of rates and of gaps."""
    table = mixed(ROWS, 0, noise=1)
    chance = np.asarray(CHANCES[chances](table), dtype=np.float64)
    given, limits = levels(table), Limits(conditions=3, least=60, most=ROWS)
    rate, gap = _true(given, chance, limits)
    rates = gaps = 0
    for seed in seeds:
        wrong = np.random.default_rng(seed).random(ROWS) < chance
        found = certificate(given, wrong, limits, confidence=CONFIDENCE)
        rates, gaps = rates + (found.rate < rate), gaps + (found.gap < gap)
    for what, count in (("rate", rates), ("gap", gaps)):
        yield seldom(f"certificate, {chances}: {what} broken", count, len(seeds), level=1 - CONFIDENCE)


def _true(given, chance: NDArray[np.float64], limits: Limits) -> tuple[float, float]:
    """Return the highest rate of any group, and the largest gap to the other rows, of the chances [n] themselves."""
    cells = counted(given, chance, limits).cells.values()
    rows, total = (np.concatenate([getattr(one, name) for one in cells]) for name in ("rows", "total"))
    rest = np.maximum(len(chance) - rows, 1)
    return float((total / rows).max()), float((total / rows - (chance.sum() - total) / rest).max())
