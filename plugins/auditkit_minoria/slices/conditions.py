"""Plain conditions on one column each, as a reader would write them: a set of levels, a range, a missing value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import MISSING, label_text
from auditkit_minoria.features.levels import DAY
from auditkit_minoria.words.expression import is_level, number
from auditkit_minoria.words.naming import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_minoria.features.levels import Kind, LevelColumn


@dataclass(frozen=True)
class Condition(ABC):
    """Something that holds or not of each row's value of one column."""

    name: str

    @abstractmethod
    def holds(self, column: LevelColumn) -> NDArray[np.bool_]:
        """Return which rows [n] of the column it holds of."""

    @abstractmethod
    def in_words(self) -> str:
        """Return it as a reader would write it."""

    @abstractmethod
    def expression(self, table: pd.DataFrame) -> str:
        """Return the text that finds the rows in a table like this one."""


@dataclass(frozen=True)
class AnyOf(Condition):
    """The value is one of the levels, of which MISSING is one; `others` are the column's other levels."""

    levels: tuple[Any, ...]
    others: tuple[Any, ...] = ()

    @property
    def negated(self) -> bool:
        """Whether it is shorter said by the levels that it leaves out."""
        return len(self.others) == 1 < len(self.levels) or 2 * len(self.others) < len(self.levels)

    def holds(self, column: LevelColumn) -> NDArray[np.bool_]:
        """Return which rows have one of the levels; one that the column does not know is in no row."""
        wanted = np.array([label in self.levels for label in column.labels], dtype=np.bool_)
        return wanted[column.codes]

    def in_words(self) -> str:
        """Return "a = x", "a in {x, y}", or what is left out if that is shorter: "a ≠ x", "a not in {x, y}"."""
        named = self.others if self.negated else self.levels
        if len(named) == 1:
            return f"{self.name} {'≠' if self.negated else '='} {_said(named[0])}"
        return f"{self.name} {'not in' if self.negated else 'in'} {{{', '.join(map(_said, named))}}}"

    def expression(self, table: pd.DataFrame) -> str:
        """Return comparisons joined by |: of the levels in it, however the words put it."""
        column = quoted(self.name, table)
        parts = [f"({is_level(column, level)})" for level in self.levels]
        return parts[0] if len(parts) == 1 else f"({' | '.join(parts)})"


@dataclass(frozen=True)
class Between(Condition):
    """low <= value < high of a number or of a date in days; an infinite end is no end."""

    low: float
    high: float
    kind: Kind = "number"
    whole: bool = False

    def holds(self, column: LevelColumn) -> NDArray[np.bool_]:
        """Return which rows are in the range; a missing value is in none."""
        return (column.numbers >= self.low) & (column.numbers < self.high)

    def in_words(self) -> str:
        """Return the range; of whole numbers with its last number, "age 30 to 39"."""
        if np.isinf(self.high):
            return f"{self.name} ≥ {self._said(self.low)}"
        if np.isinf(self.low):
            return f"{self.name} < {self._said(self.high)}"
        if self.whole and self.kind == "number":
            last = self.high - 1
            return (
                f"{self.name} {self._said(self.low)} to {self._said(last)}"
                if last > self.low
                else (f"{self.name} = {self._said(self.low)}")
            )
        return f"{self._said(self.low)} ≤ {self.name} < {self._said(self.high)}"

    def expression(self, table: pd.DataFrame) -> str:
        """Return one comparison or two."""
        column = quoted(self.name, table)
        if self.kind == "date":
            column = f'({column}.dt.as_unit("ns").astype("int64") / {number(DAY * 1e9)})'
        parts = [
            f"({column} {sign} {number(end)})"
            for sign, end in ((">=", self.low), ("<", self.high))
            if not np.isinf(end)
        ]
        if self.kind == "date":  # a missing date is a huge negative integer
            parts.append(f"({quoted(self.name, table)}.notna())")
        return " & ".join(parts)

    def _said(self, value: float) -> str:
        if self.kind == "date":
            import pandas as pd

            stamp = pd.Timestamp(round(value * DAY), unit="s")
            return f"{stamp:%Y-%m-%d}" if stamp == stamp.normalize() else f"{stamp:%Y-%m-%d %H:%M:%S}"
        return f"{value:.10g}"


@dataclass(frozen=True)
class Missing(Condition):
    """A number or a date is not there."""

    def holds(self, column: LevelColumn) -> NDArray[np.bool_]:
        """Return which rows lack the value."""
        return np.isnan(column.numbers)

    def in_words(self) -> str:
        """Return that it is missing."""
        return f"{self.name} missing"

    def expression(self, table: pd.DataFrame) -> str:
        """Return the test for a missing value."""
        return f"({quoted(self.name, table)}.isna())"


def members(conditions: Sequence[Condition], columns: Sequence[LevelColumn], n: int) -> NDArray[np.bool_]:
    """Return which rows [n] meet all the conditions, each on one of these columns."""
    by_name = {column.name: column for column in columns}
    inside = np.ones(n, dtype=np.bool_)
    for one in conditions:
        inside &= one.holds(by_name[one.name])
    return inside


def plain(column: LevelColumn, level: int) -> Condition:
    """Return the condition that a row has this one level of the column."""
    if column.kind == "category":
        return any_of(column, [level])
    if level == column.bins:
        return Missing(column.name)
    return between(column, level, level + 1)


def any_of(column: LevelColumn, levels: list[int]) -> AnyOf:
    """Return the condition that a row has one of these levels of a category."""
    chosen = set(levels)
    inside, outside = (
        tuple(label for i, label in enumerate(column.labels) if (i in chosen) == wanted)
        for wanted in (True, False)
    )
    return AnyOf(column.name, inside, outside)


def between(column: LevelColumn, first: int, stop: int) -> Between:
    """Return the condition that a number lies in the bins from first to before stop."""
    return Between(column.name, column.end(first), column.end(stop), column.kind, column.whole)


def _said(level: Any) -> str:
    return "missing" if level is MISSING else label_text(level)
