"""Climbing (our own): Theorem 3 as a step in whitened space, from many starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_doc import Doc
from annotated_types import Ge

from auditkit_minoria.params import ErrorParams
from auditkit_minoria.searches.interface import Search, ranking_kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground


@dataclass(frozen=True, kw_only=True)
class ClimbParams(ErrorParams):
    """The same, and the climbs."""

    starts: Annotated[int, Ge(1), Doc("random directions, and axes, to climb from")] = 32


def propose(ground: Ground, params: ClimbParams) -> Sequence[Rule]:
    """Return the tails of the directions where the climbs arrive."""
    from auditkit_minoria.directions.climb import climb

    batch = climb(
        ground.points, ground.loss, ground.rng, starts=params.starts, error_share=params.error_share
    )
    return ground.tails([batch])


SEARCH = Search(
    name="climb",
    title="climbing to skewed directions",
    method=(
        "Climbing moves a direction towards the mean of the rows around its median, in whitened space, where "
        "Theorem 3 says that the skewness rises, from random directions, the axes, and the whitened difference "
        "between the means of the worst rows and of the rest."
    ),
    Params=ClimbParams,
    propose=propose,
    kernel=ranking_kernel,
)
