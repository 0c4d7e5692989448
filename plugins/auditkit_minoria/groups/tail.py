"""The tail of a direction as a rule, and the tails that are reported of a search's directions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import lgamma, log
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from auditkit_minoria.directions.unit import unit
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
    from auditkit_minoria.features.levels import Which
    from auditkit_minoria.groups.choose import Found

WEIGHTS = 8
"""Values of a weight that are counted as told apart."""
NO_TAIL = "no tail: all projections are equal"


@dataclass(frozen=True, eq=False, kw_only=True)
class Tail(Rule):
    """Rows whose projection on the unit vector [d] is >= threshold (side "upper") or <= threshold ("lower").

    The vector is one of the standardised features; `skew` is that of the mining rows. Where ties make the tail more
    than `widest` of the rows, it is no minority.
    """

    noun: ClassVar[str] = "tail"
    direction: NDArray[np.float64]
    skew: float
    threshold: float
    side: Side
    widest: float = 1.0

    def raw(self, features: Features) -> NDArray[np.float64]:
        """Return the same direction over the columns in their own units, a unit vector [d]."""
        return unit(self.direction / np.array([column.scale for column in features.columns]))

    def members(self, features: Features) -> NDArray[np.bool_]:
        """Return which rows [n] are in the tail."""
        return self.members_of(features.matrix)

    def members_of(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which of the standardised rows [n, d] are in the tail."""
        return tail_mask(points @ self.direction, self.threshold, self.side)

    def price(self, features: Features) -> float:
        """Return 2 log of the choices of its columns and, for each, of WEIGHTS weights."""
        d, used = features.matrix.shape[1], int(np.count_nonzero(self.direction))
        return 2 * (lgamma(d + 1) - lgamma(used + 1) - lgamma(d - used + 1) + used * log(WEIGHTS))

    def unfit(self, members: NDArray[np.bool_], weight: NDArray[np.float64] | None) -> str:
        """Return that there is no tail, or one of too many rows, or of too much weight."""
        if np.isinf(self.threshold):
            return NO_TAIL
        share = float(np.average(members, weights=weight))
        if share > self.widest:
            return f"no minority: ties put {share:.0%} of the {'rows' if weight is None else 'weight'} in the tail"
        return ""

    def in_words(self, features: Features) -> str:
        """Return the score's threshold and its number of columns; of embeddings, which dimensions weigh most."""
        if not features.levels.columns:
            return words(self.direction, features.columns, self.threshold, self.side, spread=features.spread)
        columns = len(set(self.sources(features)))
        return (
            f"linear score of {columns} column{'s' if columns > 1 else ''} "
            f"{'≥' if self.side == 'upper' else '≤'} {self.threshold:.4g}"
        )

    def expression(self, features: Features, table: pd.DataFrame) -> str:
        """Return the linear score and its threshold, over the table's columns."""
        return expression(*features.linear(self.direction, self.threshold), self.side, table=table)

    def sources(self, features: Features) -> tuple[str, ...]:
        """Return the columns of the direction's weights, largest effect first."""
        order = np.argsort(-np.abs(self.direction) * features.spread, kind="stable")
        return tuple(features.columns[i].source for i in order.tolist() if self.direction[i] != 0)


def at_quantile(tail: Tail, features: Features, rows: Which, *, share: float) -> Tail:
    """Return the tail of the same direction and side that holds the share of these rows, bool [n] or places."""
    projection = features.matrix[rows] @ tail.direction
    return replace(tail, threshold=tail_threshold(projection, share=share, side=tail.side))


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
