"""Climbing and focused exploration together: the one looks for skew, the other for loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit_minoria.searches import climb, focus
from auditkit_minoria.searches.climb import ClimbParams
from auditkit_minoria.searches.focus import FocusParams
from auditkit_minoria.searches.interface import Search, ranking_kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground


@dataclass(frozen=True, kw_only=True)
class BothParams(ClimbParams, FocusParams):
    """Those of climbing and of focused exploration."""


def propose(ground: Ground, params: BothParams) -> Sequence[Rule]:
    """Return the tails of one batch of all directions that the two find."""
    from auditkit_minoria.directions.candidates import joined
    from auditkit_minoria.directions.climb import climb
    from auditkit_minoria.directions.errors import focus

    points, loss, rng, share = ground.points, ground.loss, ground.rng, params.error_share
    climbed = climb(points, loss, rng, starts=params.starts, error_share=share)
    focused = focus(points, loss, rng, candidates=params.candidates, error_share=share)
    return ground.tails([joined(climbed, focused)], hardest=params.hardest)


SEARCH = Search(
    name="climb+focus",
    title="climbing and focused exploration",
    method=f"{climb.SEARCH.method} {focus.SEARCH.method}",
    Params=BothParams,
    propose=propose,
    kernel=ranking_kernel,
    known_as="minoria.climb and minoria.focus",
)
