"""A slice: the rows that meet a few plain conditions, as a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from auditkit_minoria.groups.rule import Rule
from auditkit_minoria.slices.conditions import members
from auditkit_minoria.slices.prices import price

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_minoria.features.encoded import Features
    from auditkit_minoria.groups.tail import Tail
    from auditkit_minoria.slices.conditions import Condition


@dataclass(frozen=True, eq=False, kw_only=True)
class Slice(Rule):
    """The rows that meet all of the conditions, each on a column of its own; perhaps nearly those of a tail.

    `wider` are those of a larger pattern, of more rows than were asked for, of which they are a part.
    """

    noun: ClassVar[str] = "slice"
    conditions: tuple[Condition, ...]
    came_from: Tail | None = None
    wider: tuple[Condition, ...] = ()

    def members(self, features: Features) -> NDArray[np.bool_]:
        """Return which rows [n] meet the conditions."""
        levels = features.levels
        return members(self.conditions, levels.columns, levels.n)

    def in_words(self, features: Features) -> str:  # noqa: ARG002  conditions say it all
        """Return the conditions joined by "and"."""
        return f"rows with {self.said}"

    @property
    def said(self) -> str:
        """The conditions joined by "and"."""
        return " and ".join(one.in_words() for one in self.conditions)

    def expression(self, features: Features, table: pd.DataFrame) -> str:  # noqa: ARG002
        """Return the conditions joined by &."""
        return " & ".join(one.expression(table) for one in self.conditions)

    def sources(self, features: Features) -> tuple[str, ...]:  # noqa: ARG002
        """Return the columns of the conditions."""
        return tuple(one.name for one in self.conditions)

    def price(self, features: Features) -> float:
        """Return 2 log of the conjunctions of this shape."""
        return price(self.conditions, features.levels.columns)
