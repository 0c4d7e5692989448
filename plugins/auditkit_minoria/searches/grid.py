"""A grid of angles, diverse cells of which are picked by a determinantal point process (paper, 6.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_doc import Doc
from annotated_types import Ge, Le

from auditkit_minoria.params import CommonParams
from auditkit_minoria.searches.interface import Search, ranking_kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground


@dataclass(frozen=True, kw_only=True)
class GridParams(CommonParams):
    """The same, and the grid."""

    cell_degrees: Annotated[float, Ge(5), Le(90), Doc("width of a cell of the angle grid")] = 15.0
    picks: Annotated[int, Ge(1), Le(500), Doc("diverse cells picked in one draw")] = 64


def propose(ground: Ground, params: GridParams) -> Sequence[Rule]:
    """Return the tails of diverse directions, drawn again while too few of them under-perform."""
    from auditkit_minoria.directions.cells import grid

    batches = grid(ground.points, ground.rng, cell_degrees=params.cell_degrees, picks=params.picks)
    return ground.tails(batches)


SEARCH = Search(
    name="grid",
    title="grid of angles",
    method=(
        "The grid (section 6.1.1) cuts each polar angle into cells, and a determinantal point process of fixed size "
        "picks cells that differ; with more than 1,000 cells, from a random thousand of them."
    ),
    Params=GridParams,
    propose=propose,
    kernel=ranking_kernel,
)
