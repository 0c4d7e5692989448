"""What an audit by counts asks an engine: by which columns, perhaps in bins, and which weight to sum."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from auditkit.errors import UsageError
from auditkit.groups.syntax import columns_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditkit.data.engines.draw import Draw
    from auditkit.spec.data import DataSpec
    from auditkit.spec.groups import GroupSpec

ROWS_NEEDED = {
    "cut": "a score is cut row by row: name the decisions with --pred",
    "loss": "losses are compared row by row",
    "model": "a model predicts row by row: name its predictions with --pred",
    "embeddings": "embeddings are read row by row",
    "images": "images are read row by row",
    "cluster": "rows that belong together are followed one by one",
    "versus": "changes are followed row by row",
    "count": "cells are counted already: read them without --engine",
    "id": "rows are told apart one by one",
}
"""Roles that counts cannot serve, and why."""


@dataclass(frozen=True)
class Key:
    """A column that rows are counted by: its values, or those of bins between ascending `edges`."""

    name: str
    edges: tuple[float, ...] = ()

    def bins(self) -> Iterator[tuple[float, float, float]]:
        """Yield each bin [low, high) with a value within it, which stands for the bin; the last has its end too."""
        for low, high in pairwise(self.edges):
            within = low if low > -INFINITE else high - 1.0 if high < INFINITE else 0.0
            yield low, high, within

    @property
    def outside(self) -> float:
        """A value in no bin, for those that are in none."""
        first, last = self.edges[0], self.edges[-1]
        return first - 1.0 if first > -INFINITE else last + 1.0


INFINITE = float("inf")


@dataclass(frozen=True)
class Question:
    """Sums of 1, w and w² for each combination of the keys' values; `weight` is the column of w, if there is one.

    With a `score` s its hundredth is a key, too, and w s, w² s and w² s² are summed; see `ScoreSums`. `conditions` are
    expressions of groups: whether each holds is a key, too. With a `draw`, rows that it leaves are counted, or those
    that are `drawn`.
    """

    keys: tuple[Key, ...]
    weight: str | None = None
    conditions: tuple[str, ...] = ()
    draw: Draw | None = None
    score: str | None = None
    drawn: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read, each once."""
        summed = (name for name in (self.weight, self.score) if name is not None)
        asked = (name for condition in self.conditions for name in columns_read(condition))
        return tuple(dict.fromkeys((*(key.name for key in self.keys), *summed, *asked)))

    @property
    def words(self) -> str:
        """What is asked, as a sentence's end."""
        weight = f", {self.weight} and its square" if self.weight else ""
        weight += f", {self.score} and its square" if self.score else ""
        by = ", ".join(f"{key.name} in bins" if key.edges else key.name for key in self.keys)
        by += f", {self.score} in hundredths" if self.score else ""
        asked = len(self.conditions)
        held = f" and {asked} condition{'s' if asked > 1 else ''}" if asked else ""
        return f"sums of 1{weight} by {by}{held}"


def question_of(spec: DataSpec, groups: Mapping[str, GroupSpec]) -> Question:
    """Return what these roles and groups ask. Raises UsageError, in one sentence, for what counts cannot answer."""
    for role, why in ROWS_NEEDED.items():
        if getattr(spec, role) is not None:
            message = f"--{role}: {why}; an engine only counts"
            raise UsageError(message)
    if spec.pred is None:
        message = (
            "an engine counts predictions that are there: name them with --pred, or decisions with --outcome"
        )
        raise UsageError(message)
    if spec.score is not None and spec.target is None:
        message = (
            "--score: without true labels, which --target names, scores need the rows; an engine only counts"
        )
        raise UsageError(message)
    if spec.task == "regression":
        message = "--task regression: a target that is a number needs the rows; an engine only counts"
        raise UsageError(message)
    if spec.na:
        message = "--na: words for missing values are found row by row; an engine only counts"
        raise UsageError(message)
    whole = [name for name in (spec.target, spec.pred, *spec.given) if name is not None]
    cut: dict[str, set[tuple[float | str, ...] | None]] = {}
    for group in groups.values():
        if group.where is not None:
            whole += columns_read(group.where)
        if group.column is not None:
            cut.setdefault(group.column, set()).add(group.bins)
    keys = [Key(name) for name in dict.fromkeys(whole)]
    keys += [Key(name, _edges(bins)) for name, bins in cut.items() if name not in whole]
    return Question(tuple(keys), spec.weight, score=spec.score)


def _edges(bins: set[tuple[float | str, ...] | None]) -> tuple[float, ...]:
    """Return the edges of a column that is cut in one way, into bins of numbers; else none: its values are kept."""
    (one, *more) = bins
    if more or one is None or any(isinstance(edge, str) for edge in one):
        return ()
    edges = tuple(float(edge) for edge in one)
    rising = len(edges) > 1 and all(low < high for low, high in pairwise(edges))
    return edges if rising else ()  # what does not rise is refused where it is cut
