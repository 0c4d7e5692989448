"""Directions spread out evenly, each as far as can be from those before it (paper, 6.1.2)."""

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
class SpreadParams(CommonParams):
    """The same, and how many directions to spread out."""

    directions: Annotated[int, Ge(1), Le(1000), Doc("directions, each farthest from all before")] = 64


def propose(ground: Ground, params: SpreadParams) -> Sequence[Rule]:
    """Return the tails of the directions spread out."""
    from auditkit_minoria.directions.spread import spread

    return ground.tails([spread(ground.points, ground.rng, directions=params.directions)])


SEARCH = Search(
    name="spread",
    title="directions spread out",
    method=(
        "Diversification (section 6.1.2) starts from the axes and adds, again and again, the direction whose "
        "largest cosine to all before it is least."
    ),
    Params=SpreadParams,
    propose=propose,
    kernel=ranking_kernel,
)
