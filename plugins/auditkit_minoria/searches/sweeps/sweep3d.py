"""The exact search of three numeric features, for few rows (the paper's Algorithm 2 made exact)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit_minoria.features.needs import Needs
from auditkit_minoria.params import CommonParams
from auditkit_minoria.searches.interface import Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.kernels.compiled import Kernel
    from auditkit_minoria.searches.interface import Ground

MOST_ROWS = 1_000


def propose(ground: Ground, params: CommonParams) -> Sequence[Rule]:  # noqa: ARG001  it has no settings of its own
    """Return the tails of the peaks of |skew| over the sphere."""
    from auditkit_minoria.directions.space import peaks_of_points

    return ground.tails([peaks_of_points(ground.sample(MOST_ROWS))])


def space_kernel() -> Kernel:
    """Return the machine code of the search."""
    from auditkit_minoria.directions.space import space_kernel

    return space_kernel()


SEARCH = Search(
    name="sweep3d",
    title="exact search of three features",
    method=(
        "The search of three features is exact: directions are squares on the faces of a cube, cut in four until "
        "none in a square can beat the best found, or until so few rows can be its median that the maximum on every "
        "region, edge and corner between medians can be computed (algorithm 2 looks at corners alone, which is not "
        "enough). It searches at most 1,000 rows."
    ),
    Params=CommonParams,
    propose=propose,
    needs=Needs(fewest=3, most=3, numbers=True, most_rows=MOST_ROWS, instead="minoria"),
    kernel=space_kernel,
    exact=True,
)
