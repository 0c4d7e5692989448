"""The tail of a direction as a rule, and the tails that are reported of a search's directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from auditkit_minoria.groups.choose import WIDEST, Choice, choose
from auditkit_minoria.groups.rule import Rule
from auditkit_minoria.groups.threshold import tail_mask, tail_threshold
from auditkit_minoria.words.expression import expression
from auditkit_minoria.words.sentence import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_minoria.directions.candidates import Candidates
    from auditkit_minoria.directions.skew import Side
    from auditkit_minoria.features.encoded import Features
    from auditkit_minoria.groups.choose import Found

NO_TAIL = "no tail: all projections are equal"


@dataclass(frozen=True, eq=False, kw_only=True)
class Tail(Rule):
    """Rows whose projection on the unit vector [d] is >= threshold (side "upper") or <= threshold ("lower").

    `skew` is that of the mining rows, `angle_degrees` in [0, 180) the direction's in a plane. Where ties make the
    tail more than `widest` of the rows, it is no minority.
    """

    noun: ClassVar[str] = "tail"
    direction: NDArray[np.float64]
    skew: float
    threshold: float
    side: Side
    widest: float = 1.0

    @property
    def angle_degrees(self) -> float | None:
        """The angle of a direction of the plane; None in other dimensions."""
        if len(self.direction) != 2:
            return None
        return float(np.degrees(np.arctan2(self.direction[1], self.direction[0]))) % 180.0

    def members(self, matrix: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which rows of features [n, d] are in the tail."""
        return tail_mask(matrix @ self.direction, self.threshold, self.side)

    def unfit(self, members: NDArray[np.bool_]) -> str:
        """Return that there is no tail, or one of too many rows."""
        if np.isinf(self.threshold):
            return NO_TAIL
        if members.mean() > self.widest:
            return f"no minority: ties put {members.mean():.0%} of the rows in the tail"
        return ""

    def in_words(self, features: Features) -> str:
        """Return the features that weigh most, and the threshold of the score."""
        return words(self.direction, features.columns, self.threshold, self.side, spread=features.spread)

    def expression(self, features: Features, table: pd.DataFrame) -> str:
        """Return the linear score and its threshold, over the table's columns."""
        return expression(*features.linear(self.direction, self.threshold), self.side, table=table)

    def sources(self, features: Features) -> tuple[str, ...]:
        """Return the columns of the direction's weights, largest effect first."""
        order = np.argsort(-np.abs(self.direction) * features.spread, kind="stable")
        return tuple(features.columns[i].source for i in order.tolist() if self.direction[i] != 0)


def tails(
    points: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    batches: Iterable[Candidates],
    *,
    choice: Choice,
) -> tuple[Tail, ...]:
    """Return at most `choice.top` tails of the points [n, d], from high |skew| to low."""
    return tuple(_tail(points, found, choice) for found in choose(points, loss, batches, choice=choice))


def _tail(points: NDArray[np.float64], found: Found, choice: Choice) -> Tail:
    threshold = tail_threshold(points @ found.direction, share=choice.tail, side=found.side)
    return Tail(
        direction=found.direction,
        skew=found.skew,
        threshold=threshold,
        side=found.side,
        widest=WIDEST * choice.tail,
    )
