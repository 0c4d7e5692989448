"""The exact sweep of every pair of numeric features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit_minoria.features.needs import Needs
from auditkit_minoria.searches.interface import Search
from auditkit_minoria.searches.sweeps.sweep import METHOD, SweepParams, sweep_kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground


def propose(ground: Ground, params: SweepParams) -> Sequence[Rule]:  # noqa: ARG001  the choice says all
    """Return the tails of the best directions of all planes of two features; the planes' ranking is shown."""
    from auditkit_minoria.directions.planes import sweep_pairs
    from auditkit_minoria.show.pairs import pair_table

    columns = range(ground.points.shape[1])
    batch = sweep_pairs(
        ground.points, columns, ground.rng, separation=ground.choice.separation, track=ground.context.track
    )
    ground.show(pair_table(batch, columns, ground.columns))
    return ground.tails([batch])


SEARCH = Search(
    name="pairs",
    title="exact sweep of every pair of features",
    method=METHOD,
    Params=SweepParams,
    propose=propose,
    needs=Needs(fewest=2, numbers=True),
    kernel=sweep_kernel,
    known_as="minoria.sweep of every pair",
)
