"""What a number is put beside, and what follows from it: one table that gates and renderers read.

Adding a comparison is one entry here and one audit that reports it; a test holds the Literal and the table together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Direction = Literal["higher_is_worse", "lower_is_worse", "neither"]
Compare = Literal["absolute", "to_rest", "to_best", "to_reference", "change", "difference", "ratio"]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One kind of comparison.

    `signed`: 0 means no worse than the others, and the sign says who is ahead. `between`: the value stands between
    the groups of an attribute, not at one group. `direction`, `unit` and `no_harm` (the value of no disadvantage) hold
    whatever the metric; None leaves them to the metric. `said` puts a size and a side into words.
    """

    title: str
    head: str
    said: str
    signed: bool = False
    between: bool = False
    direction: Direction | None = None
    unit: str | None = None
    no_harm: float | None = None


COMPARISONS: Mapping[Compare, Comparison] = {
    "absolute": Comparison(title="value", head="Value", said="{size}"),
    "to_rest": Comparison(
        title="gap to the rest",
        head="Gap to the rest",
        said="{size} {side} the rest",
        signed=True,
        no_harm=0.0,
    ),
    "to_best": Comparison(
        title="gap to the best group",
        head="Gap to the best",
        said="{size} {side} the best group",
        signed=True,
        no_harm=0.0,
    ),
    "to_reference": Comparison(
        title="gap to the reference group",
        head="Gap to the reference",
        said="{size} {side} the reference group",
        signed=True,
        no_harm=0.0,
    ),
    "change": Comparison(
        title="change from before",
        head="Change",
        said="{size} {side} before",
        signed=True,
        no_harm=0.0,
    ),
    "difference": Comparison(
        title="largest gap between groups",
        head="Largest gap",
        said="difference between groups {size}",
        between=True,
        direction="higher_is_worse",
        no_harm=0.0,
    ),
    "ratio": Comparison(
        title="lowest over highest group",
        head="Lowest / highest",
        said="ratio between groups {size}",
        between=True,
        direction="lower_is_worse",
        unit="ratio",
        no_harm=1.0,
    ),
}
"""Every comparison by its name, in the order in which reports show them."""
