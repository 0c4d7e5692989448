"""The check of the paper's figure 5: whom a column that mining never saw puts among a tail's worst rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Chart, Layer, Table, label_text
from auditkit.measures import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import Colour

MOST_VALUES, MOST_NUMBERS = 8, 20
"""Values shown, the most frequent ones; and numbers told apart before a column is cut at its quartiles."""
STEPS = (1, 2, 5)
FEWEST = 10
COLOURS: tuple[Colour, ...] = ("accent", "alarm", "second", "third", "ink", "faint")


@dataclass(frozen=True, kw_only=True)
class Revealed:
    """Among the k worst rows of a group, how many have a value; and its share among all rows."""

    group: str
    value: str
    k: int
    hits: int
    share_of_all: float
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share of the k rows that have the value."""
        return self.hits / self.k


def values_of(column: pd.Series[Any]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return a code [n] per row into the labels: the column's values, or its quarters if it is a number."""
    import pandas as pd

    number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if number and column.nunique() > MOST_NUMBERS:
        column = pd.qcut(column, 4, duplicates="drop").astype(str).where(column.notna())
    codes, distinct = pd.factorize(column)
    labels = [label_text(value) for value in distinct.tolist()]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(labels), codes)
        labels.append("(missing)")
    order = np.argsort(-np.bincount(codes, minlength=len(labels)), kind="stable")
    kept = order if len(order) <= MOST_VALUES else order[: MOST_VALUES - 1]
    place = np.full(len(labels), len(kept))
    place[kept] = np.arange(len(kept))
    named = [labels[i] for i in kept.tolist()]
    if len(kept) < len(order):
        named.append("(other values)")
    return place[codes].astype(np.int64), tuple(named)


def reveal(
    named: Sequence[tuple[str, NDArray[np.bool_]]],
    loss: NDArray[np.float64],
    rows: NDArray[np.bool_],
    column: tuple[NDArray[np.int64], tuple[str, ...]],
    *,
    confidence: float,
) -> Iterator[Revealed]:
    """Yield, per group [n], decreasing k and value, the value's share among the group's k rows of highest loss.

    Only `rows` [n] count, for the groups and for all: those that the search did not see. Ties in the loss are
    in the order of the table.
    """
    codes, labels = column
    everyone = np.bincount(codes[rows], minlength=len(labels)) / max(int(rows.sum()), 1)
    for group, members in named:
        places = np.flatnonzero(members & rows)
        worst = codes[places[np.argsort(-loss[places], kind="stable")]]
        for k in sizes(len(worst)):
            hits = np.bincount(worst[:k], minlength=len(labels))
            low, high = wilson(hits, k, confidence)
            for i, label in enumerate(labels):
                yield Revealed(
                    group=group,
                    value=label,
                    k=k,
                    hits=int(hits[i]),
                    share_of_all=float(everyone[i]),
                    low=float(low[i]),
                    high=float(high[i]),
                )


def sizes(n: int) -> list[int]:
    """Return n and the numbers 1, 2, 5, 10, ... below it, not under FEWEST, in descending order."""
    steps = {step * 10**power for power in range(1, 9) for step in STEPS}
    return sorted({n, *(k for k in steps if FEWEST <= k < n)} - {0}, reverse=True)


def reveal_table(column: str, found: Sequence[Revealed]) -> Table:
    """Return the shares as rows, each with its interval and its ratio to the share among all rows."""
    return Table(
        title=f"Reveal: {column} among the worst rows of each tail",
        columns=("Group", "Worst rows", column, "Rows", "Share", "Low", "High", "Share of all rows", "Ratio"),
        rows=tuple(
            (
                one.group,
                one.k,
                one.value,
                one.hits,
                round(one.share, 4),
                round(one.low, 4),
                round(one.high, 4),
                round(one.share_of_all, 4),
                round(one.share / one.share_of_all, 3) if one.share_of_all else None,
            )
            for one in found
        ),
        caption=f"Mining never saw {column}. Rows that were not mined, of highest loss first; Wilson's intervals.",
    )


def reveal_chart(column: str, group: str, found: Sequence[Revealed]) -> Chart:
    """Return one group's shares over k, a line with its band per value, and rules at the shares of all rows."""
    layers: list[Layer] = []
    for i, value in enumerate(dict.fromkeys(one.value for one in found)):
        own = sorted((one for one in found if one.value == value), key=lambda one: one.k)
        colour = COLOURS[i % len(COLOURS)]
        layers.append(
            Layer(
                kind="line",
                name=value,
                colour=colour,
                x=tuple(float(one.k) for one in own),
                y=tuple(one.share for one in own),
                low=tuple(one.low for one in own),
                high=tuple(one.high for one in own),
            )
        )
        layers.append(
            Layer(
                kind="horizontal",
                name=f"{value}, all rows",
                y=(own[0].share_of_all,),
                colour=colour,
                thin=True,
            )
        )
    return Chart(
        title=f"{column} among the worst rows of {group}",
        layers=tuple(layers),
        x_title="rows of highest loss",
        y_title="share",
        x_log=True,
        row="reveal",
        caption="A line above its rule: the value is more frequent among these rows than among all.",
    )
