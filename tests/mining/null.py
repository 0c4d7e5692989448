"""Losses with nothing to find: how many runs confirm a group all the same, at a nominal 2.5 %."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mining.planted import D, N, mined_of
from mining.scores import Score, seldom
from plugins.minoria.calls import mined
from plugins.minoria.seeded import minoria_md
from plugins.minoria.slices.made import mixed

from auditkit_minoria.confirm.held_out import held_out_gaps
from auditkit_minoria.confirm.standard import Standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Loss = Callable[[np.random.Generator, int], NDArray[np.float64]]

LOSSES: dict[str, Loss] = {
    "even": lambda rng, n: rng.random(n),
    "heavy-tailed": lambda rng, n: rng.pareto(1.5, size=n),
    "rare": lambda rng, n: (rng.random(n) < 0.01).astype(float),
    "minus rare": lambda rng, n: -(rng.random(n) < 0.03).astype(float),
    "frequent": lambda rng, n: (rng.random(n) < 0.3).astype(float),
}
SIZES = (300, 1500)
CATEGORIES = ["a", "b", "c", "noise0"]


def alarms(
    losses: str, step: str, rows: int, seeds: Sequence[int], *, categories: bool = False
) -> Iterator[Score]:
    """Yield how many runs confirm a group: of numbers and categories, or of `categories` alone."""
    confirmed = 0
    for seed in seeds:
        table = mixed(rows, seed, noise=1)
        table = table[CATEGORIES] if categories else table
        table = table.assign(err=LOSSES[losses](np.random.default_rng(seed + 5000), rows))
        confirmed += bool(mined_of(table, step).confirmed)
    what = f"{step}, {losses} losses, {rows} rows{', categories alone' if categories else ''}: confirm"
    yield seldom(what, confirmed, len(seeds), level=0.025)


def weighted(losses: str, step: str, seeds: Sequence[int], *, tied: bool) -> Iterator[Score]:
    """Yield how many runs confirm a group of 1,500 rows whose weights are lognormal, or go with the loss as well."""
    confirmed = 0
    for seed in seeds:
        rng = np.random.default_rng(seed + 5000)
        table = mixed(1500, seed, noise=1).assign(err=LOSSES[losses](rng, 1500))
        weight = rng.lognormal(size=1500) * (1 + 2 * (table["err"] > table["err"].median()) * tied)
        confirmed += bool(mined_of(table, step, weight.to_numpy()).confirmed)
    what = f"{step}, {losses} losses, weights{' that go with them' if tied else ''}: confirm"
    yield seldom(what, confirmed, len(seeds), level=0.025)


def tails(losses: str, seeds: Sequence[int], *, tied: bool) -> Iterator[Score]:
    """Yield how many random tails of 80 of 600 rows with weights, eight in each run, are shown to lose more."""
    shown = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        loss = LOSSES[losses](rng, 600)
        weight = rng.lognormal(sigma=0.7, size=600) * (1 + 2 * (loss > np.median(loss)) * tied)
        drawn = [rng.permutation(600) < 80 for _ in range(8)]
        found = held_out_gaps(loss, drawn, Standard(), known=loss, rng=rng, weight=weight)
        shown += sum(one.p is not None and one.p < Standard().level for one in found)
    what = f"random tails, {losses} losses, weights{' that go with them' if tied else ''}: shown"
    yield seldom(what, shown, 8 * len(seeds), level=0.025)


def clouds(seeds: Sequence[int]) -> Iterator[Score]:
    """Yield how many runs confirm a group in a cloud without the planted one, 1 of 20 at most."""
    confirmed = 0
    for seed in seeds:
        points, _, who, _ = minoria_md(N, D, seed)
        points = points[who == 0]
        rng = np.random.default_rng(seed)
        wrong, mining = (rng.random(len(points)) < 0.2).astype(float), rng.random(len(points)) < 0.5
        groups = mined(points, wrong, mining, rng=rng, search="climb+focus+slices")
        confirmed += any(one.confirmed for one in groups)
    n = len(seeds)
    yield Score(what="the cloud without the group: confirm", count=confirmed, runs=n, most=max(n // 20, 1))
