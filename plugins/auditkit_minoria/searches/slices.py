"""Slices (our own): every conjunction of up to three plain conditions, counted by contingency cubes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt

from auditkit_minoria.features.needs import Needs
from auditkit_minoria.params import CommonParams
from auditkit_minoria.searches.interface import Search, counting_kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground
    from auditkit_minoria.slices.cells import Limits


@dataclass(frozen=True, kw_only=True)
class SliceParams(CommonParams):
    """The same, and what a slice may be."""

    conditions: Annotated[int, Ge(1), Le(4), Doc("conditions that a slice joins at most")] = 3
    smallest: Annotated[float, Gt(0), Le(0.5), Doc("share of the mined rows that a slice has at least")] = (
        0.005
    )
    largest: Annotated[float, Gt(0), Le(0.9), Doc("share of the mined rows that a slice has at most")] = 0.5
    count_share: Annotated[
        float,
        Ge(0),
        Lt(1),
        Doc("of a table beyond memory, share of its rows that is counted and searched, not a sample"),
    ] = 0.0


def propose(ground: Ground, params: SliceParams) -> Sequence[Rule]:
    """Return the slices that explain most of the loss; none where there is no loss."""
    return sliced(ground, params, top=params.top)


def sliced(ground: Ground, params: SliceParams, *, top: int) -> tuple[Rule, ...]:
    """Return at most `top` slices; columns that were not looked at in all conjunctions are said."""
    from auditkit_minoria.slices.find import best_slices
    from auditkit_minoria.slices.slice import Slice

    if ground.loss is None:
        ground.context.skip("slices", "without a loss there is nothing to tell slices apart by")
        return ()
    levels = ground.features.levels
    limits = limits_of(params, levels.n, fewest=ground.context.stats.min_n)
    found, counted = best_slices(levels, ground.loss, limits, top=top, weight=ground.weight)
    for k, columns in counted.columns.items():
        if len(columns) < len(levels.columns):
            ground.say(
                f"minoria.slices: conjunctions of {k} conditions are of {len(columns)} of the {len(levels.columns)} "
                "columns, those that stand out most in shorter ones"
            )
    return tuple(Slice(conditions=one.rule, found_by=SEARCH.shown, wider=one.wider) for one in found)


def limits_of(params: SliceParams, n: int, *, fewest: int) -> Limits:
    """Return what is counted of n rows: slices of the shares asked for, and of at least `fewest` rows."""
    from math import ceil, floor

    from auditkit_minoria.slices.cells import Limits

    least = max(fewest, ceil(params.smallest * n))
    return Limits(conditions=params.conditions, least=least, most=floor(params.largest * n))


SEARCH = Search(
    name="slices",
    title="slices of plain conditions",
    method=(
        "Slices are conjunctions of up to three plain conditions: a level of a category, a bin of a number, a missing "
        "value, or, of one column, the set of levels or the range that is best beside the others. All of them are "
        "counted, by one contingency cube for each choice of columns, and ranked by evidence: the square of the score "
        "statistic of their loss, less twice the log of the number of rules of that shape. The first slice has most, "
        "each next one most for the loss that is left unexplained; a condition that adds none is dropped."
    ),
    Params=SliceParams,
    propose=propose,
    kernel=counting_kernel,
    exact=True,
    needs=Needs(levels=True),
    weighs=True,
)
