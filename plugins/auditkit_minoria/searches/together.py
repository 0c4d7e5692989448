"""What plain `minoria` runs: tails of directions and slices, and of both what explains most of the loss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditkit_minoria.features.needs import Needs
from auditkit_minoria.searches import climb, focus, slices
from auditkit_minoria.searches.climb import ClimbParams
from auditkit_minoria.searches.focus import FocusParams
from auditkit_minoria.searches.interface import Search, counting_kernel
from auditkit_minoria.searches.slices import SliceParams

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.groups.tail import Tail
    from auditkit_minoria.searches.interface import Ground

MORE = 3
"""Times as many tails and slices as shall be reported are looked at: many are the same rows."""
COVER = (
    "Of all that the searches find, first comes what explains most of the loss (evidence: the square of the score "
    "statistic, less twice the log of the number of rules of that shape), then what explains most of what is left; "
    "of the rows in either of two groups, at most half are in both."
)


@dataclass(frozen=True, kw_only=True)
class TogetherParams(ClimbParams, FocusParams, SliceParams):
    """Those of climbing, of focused exploration and of slices."""


def propose(ground: Ground, params: TogetherParams) -> Sequence[Rule]:
    """Return what explains most of the loss of the tails of climbing and focus, and of slices."""
    from auditkit_minoria.directions.candidates import joined
    from auditkit_minoria.directions.climb import climb as climbed
    from auditkit_minoria.directions.errors import focus as focused

    points, loss, rng, share = ground.by_row.points, ground.by_row.loss, ground.rng, params.error_share
    batch = joined(
        climbed(points, loss, rng, starts=params.starts, error_share=share),
        focused(points, loss, rng, candidates=params.candidates, error_share=share),
    )
    return covered(
        ground, params, lambda more: more.tails([batch], hardest=params.hardest), "climb and focus"
    )


def covered(
    ground: Ground, params: SliceParams, tails: Callable[[Ground], Sequence[Tail]], by: str
) -> Sequence[Rule]:
    """Return what explains most of the loss of these tails and of slices; without a loss, the tails."""
    from auditkit_minoria.groups.cover import cover

    if ground.loss is None:
        return tails(ground.by_row)
    more = replace(ground.by_row, choice=replace(ground.choice, top=MORE * params.top))
    found: list[Rule] = [replace(one, found_by=f"minoria.{by}") for one in tails(more)]
    found += slices.sliced(ground, params, top=MORE * params.top)
    members = [one.members(ground.features) for one in found]
    prices = [one.price(ground.features) for one in found]
    return [
        found[place] for place in cover(members, ground.loss, prices, top=params.top, weight=ground.weight)
    ]


SEARCH = Search(
    name="climb+focus+slices",
    title="climbing, focused exploration and slices",
    method=f"{climb.SEARCH.method} {focus.SEARCH.method} {slices.SEARCH.method} {COVER}",
    Params=TogetherParams,
    propose=propose,
    kernel=counting_kernel,
    needs=Needs(levels=True),
    weighs=True,
    known_as="minoria.climb, minoria.focus and minoria.slices",
)
