"""Whether a group is found again: the search re-run on bootstrap samples of the mined rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Table
from auditkit_minoria.features.weights import as_rows
from auditkit_minoria.groups.cover import MOST_SHARED, jaccard
from auditkit_minoria.run.propose import as_searched, ground_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.searches.interface import Search


def found_again(
    groups: Sequence[NDArray[np.bool_]],
    search: Search[Any],
    material: Material,
    params: CommonParams,
    context: Context,
) -> list[float]:
    """Return the share of `params.stability` re-runs in which each group is found again: a Jaccard index of 1/2.

    groups are bool [n] of all rows, and so is what a re-run finds: it is learnt from as many mined rows as there are,
    drawn with replacement, and compared on all.
    """
    ground = replace(ground_of(search, material, params, context), quiet=True)
    n, rng = len(ground.points), context.rng("stability")
    hits = np.zeros(len(groups))
    for _ in context.track(range(params.stability), "looking for the groups again"):
        rows = rng.integers(0, n, size=n)
        drawn = replace(
            ground,
            features=ground.features.rows(rows),
            loss=None if ground.loss is None else ground.loss[rows],
            weight=None if ground.weight is None else as_rows(ground.weight[rows]),
            rng=rng,
        )
        again = search.propose(as_searched(drawn, search), params)
        members = [rule.members(material.features) for rule in again]
        hits += [
            max((jaccard(one, other) for other in members), default=0.0) >= MOST_SHARED for one in groups
        ]
    shares: list[float] = (hits / params.stability).tolist()
    return shares


def stable_table(named: Sequence[tuple[str, float]], reruns: int) -> Table:
    """Return how often each group was found again."""
    return Table(
        title="Is each group found again?",
        columns=("Group", "Share of re-runs"),
        rows=tuple((name, round(share, 3)) for name, share in named),
        caption=f"{reruns} re-runs on bootstrap samples of the mined rows; found again: at least half of the rows in "
        "either are in both.",
    )
