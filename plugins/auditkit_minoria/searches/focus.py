"""Focused exploration (paper, Algorithm 3): from ordinary rows towards rows of high loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le

from auditkit_minoria.params import ErrorParams
from auditkit_minoria.searches.interface import Search, ranking_kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground


@dataclass(frozen=True, kw_only=True)
class FocusParams(ErrorParams):
    """The same, and the settings of focused exploration."""

    candidates: Annotated[int, Ge(1), Doc("directions that focused exploration tries")] = 4096
    hardest: Annotated[
        float, Gt(0), Le(1), Doc("K': share of a tail, worst rows first, whose loss is compared with tau")
    ] = 1.0


def propose(ground: Ground, params: FocusParams) -> Sequence[Rule]:
    """Return the tails of differences of rows, and of the whitened difference between worst rows and rest."""
    from auditkit_minoria.directions.errors import focus

    batch = focus(
        ground.points,
        ground.loss,
        ground.rng,
        candidates=params.candidates,
        error_share=params.error_share,
    )
    return ground.tails([batch], hardest=params.hardest)


SEARCH = Search(
    name="focus",
    title="focused exploration",
    method=(
        "Focused exploration (algorithm 3) tries directions from ordinary rows to rows of high loss, ranks "
        "them by the size of the skewness, keeps those whose tail under-performs, and drops weights that "
        "change little. The whitened difference between the means of the worst rows and of the rest is always "
        "among them."
    ),
    Params=FocusParams,
    propose=propose,
    kernel=ranking_kernel,
)
