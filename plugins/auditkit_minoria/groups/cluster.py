"""A k-means cluster as a rule: the rows that are nearer to one centre than to any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from auditkit_minoria.groups.rule import Rule
from auditkit_minoria.words.expression import expression

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_minoria.features.encoded import Features

SAID = 3
"""Features named, those in which the centre is farthest from the middle of the data."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Cluster(Rule):
    """The rows that are nearer to the centre at `place` of the centres [k, d] than to any other."""

    noun: ClassVar[str] = "cluster"
    centres: NDArray[np.float64]
    place: int

    def members(self, features: Features) -> NDArray[np.bool_]:
        """Return which rows [n] are in the cluster."""
        members: NDArray[np.bool_] = nearest(features.matrix, self.centres) == self.place
        return members

    def price(self, features: Features) -> float:  # noqa: ARG002  k-means looks at no loss
        """Return 2 log of the number of clusters."""
        return 2 * float(np.log(len(self.centres)))

    def in_words(self, features: Features) -> str:
        """Return the features in which the centre lies farthest out."""
        middle = self.centres[self.place]
        largest = np.argsort(-np.abs(middle), kind="stable")[:SAID]
        said = ", ".join(f"{'high' if middle[i] > 0 else 'low'} {features.columns[i].name}" for i in largest)
        return f"cluster around {said}"

    def expression(self, features: Features, table: pd.DataFrame) -> str:
        """Return the half-spaces whose intersection the cluster is."""
        parts = (
            f"({expression(*features.linear(weights, limit), 'upper', table=table)})"
            for weights, limit in halfspaces(self.centres, self.place)
        )
        return " & ".join(parts) or "0.0 <= 0.0"

    def sources(self, features: Features) -> tuple[str, ...]:
        """Return all columns: each bears on the distance."""
        return tuple(column.source for column in features.columns)


def nearest(points: NDArray[np.float64], middle: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the place of the nearest centre [k, d] of each point [n, d], the first of equals."""
    found: NDArray[np.int64] = (np.square(middle).sum(axis=1) - 2 * points @ middle.T).argmin(axis=1)
    return found


def halfspaces(middle: NDArray[np.float64], place: int) -> list[tuple[NDArray[np.float64], float]]:
    """Return weights [d] and limits such that weights @ x >= limit for all of them where x is nearest to `place`.

    A point is nearer to c than to e where (c - e)'x >= (|c|^2 - |e|^2) / 2.
    """
    own = middle[place]
    return [
        (own - other, float(own @ own - other @ other) / 2) for i, other in enumerate(middle) if i != place
    ]
