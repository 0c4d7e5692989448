"""Explore and exploit (paper, 6.2): random directions, and random ones near the best so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt

from auditkit_minoria.params import CommonParams
from auditkit_minoria.searches.interface import Search, ranking_kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground


@dataclass(frozen=True, kw_only=True)
class ExploreParams(CommonParams):
    """The same, and the epsilon-greedy walk."""

    iterations: Annotated[int, Ge(0), Doc("directions to try after the first ones")] = 10_000
    random_starts: Annotated[int, Ge(1), Doc("random directions to begin with")] = 6
    epsilon: Annotated[float, Ge(0), Le(1), Doc("chance that a step explores rather than exploits")] = 0.4
    near: Annotated[float, Gt(0), Lt(1), Doc("least cosine to the best direction when exploiting it")] = 0.9


def propose(ground: Ground, params: ExploreParams) -> Sequence[Rule]:
    """Return the tails of the most skewed of all directions tried."""
    from auditkit_minoria.directions.explore import explore

    tried = explore(
        ground.points,
        ground.rng,
        iterations=params.iterations,
        starts=params.random_starts,
        epsilon=params.epsilon,
        near=params.near,
    )
    return ground.tails([tried])


SEARCH = Search(
    name="explore",
    title="explore and exploit",
    method=(
        "Explore and exploit (section 6.2) tries random directions with probability epsilon, and else random ones "
        "near the best so far."
    ),
    Params=ExploreParams,
    propose=propose,
    kernel=ranking_kernel,
)
