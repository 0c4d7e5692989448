"""Whether a group is found again: the search re-run on bootstrap samples of the mined rows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Table
from auditkit_minoria.features.weights import as_rows
from auditkit_minoria.groups.cover import MOST_SHARED, jaccard
from auditkit_minoria.run.propose import as_searched, ground_of
from auditkit_minoria.searches.interface import Unheard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_minoria.features.encoded import Features
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.searches.interface import Ground, Search


def found_again(
    groups: Sequence[NDArray[np.bool_]],
    search: Search[Any],
    material: Material,
    params: CommonParams,
    context: Context,
) -> list[float]:
    """Return the share of `params.stability` re-runs in which each group is found again: a Jaccard index of 1/2.

    groups are bool [n] of all rows, and so is what a re-run finds: it is learnt from as many mined rows as there are,
    drawn with replacement, and compared on all. Each re-run has a seed of its own, whoever does it.
    """
    ground = replace(ground_of(search, material, params, context), context=Unheard(context.stats))
    again = partial(_hits, groups, search, ground, material.features, params)
    seeds = context.rng("stability").integers(2**63, size=params.stability).tolist()
    hits = context.map(again, seeds, "looking for the groups again")
    shares: list[float] = (np.sum(hits, axis=0) / params.stability).tolist()
    return shares


def _hits(
    groups: Sequence[NDArray[np.bool_]],
    search: Search[Any],
    ground: Ground,
    features: Features,
    params: CommonParams,
    seed: int,
) -> list[bool]:
    """Return which of the groups a re-run of one seed finds again."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, len(ground.points), size=len(ground.points))
    drawn = replace(
        ground,
        features=ground.features.rows(rows),
        loss=None if ground.loss is None else ground.loss[rows],
        weight=None if ground.weight is None else as_rows(ground.weight[rows]),
        rng=rng,
    )
    again = [rule.members(features) for rule in search.propose(as_searched(drawn, search), params)]
    return [max((jaccard(one, other) for other in again), default=0.0) >= MOST_SHARED for one in groups]


def stable_table(named: Sequence[tuple[str, float]], reruns: int) -> Table:
    """Return how often each group was found again."""
    return Table(
        title="Is each group found again?",
        columns=("Group", "Share of re-runs"),
        rows=tuple((name, round(share, 3)) for name, share in named),
        caption=f"{reruns} re-runs on bootstrap samples of the mined rows; found again: at least half of the rows in "
        "either are in both.",
    )
