"""Which columns a search must be given: how many, of which kind, and how many rows it can bear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Subject
    from auditkit_minoria.params import CommonParams

WORDS = ("no", "one", "two", "three", "four", "five")


@dataclass(frozen=True, kw_only=True)
class Needs:
    """From `fewest` to `most` columns; with `numbers`, numeric ones, and no embeddings.

    Of more than `most_rows` mining rows the search takes a random sample. One that reads `levels` looks at categories
    of more levels than numbers are made of, too.
    `instead` is what to use for other columns.
    """

    fewest: int = 1
    most: int | None = None
    numbers: bool = False
    most_rows: int | None = None
    levels: bool = False
    instead: str = ""

    def columns_of(self, subject: Subject, names: tuple[str, ...], *, who: str) -> tuple[str, ...]:
        """Return those of the named columns that are searched, or raise UsageError: `who` (needs) others."""
        if not self.numbers:
            return names
        numeric = numeric_columns(subject, names)
        fits = subject.embeddings is None and len(numeric) >= self.fewest
        if self.most is not None:
            fits = fits and numeric == names and len(names) <= self.most
        if fits:
            return numeric
        raise UsageError(self._refusal(names, numeric, who=who, embeddings=subject.embeddings is not None))

    def check_varying(self, count: int, dropped: Sequence[tuple[str, str]]) -> None:
        """Raise DataError if, without the dropped columns, too few are left."""
        if self.fewest <= count and (self.most is None or count <= self.most):
            return
        why = "; ".join(": ".join(pair) for pair in dropped)
        message = f"the search needs {WORDS[self.fewest]} columns that vary: {why}"
        raise DataError(message)

    def _refusal(
        self, names: tuple[str, ...], numeric: tuple[str, ...], *, who: str, embeddings: bool
    ) -> str:
        if self.most is None:
            given = "embeddings" if embeddings else f"{len(numeric)}"
            return f"{who} at least {self.fewest} numeric columns, not {given}"
        word = WORDS[self.most]
        shown = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
        given = "embeddings" if embeddings else f"{len(names)} ({shown})"
        return f"{who} {word} numeric columns, not {given}; name {word} with columns, or use {self.instead}"


def searched_columns(subject: Subject, params: CommonParams) -> tuple[str, ...]:
    """Return the columns to search, or raise DataError that names the nearest one.

    Embeddings stand for the features; beside them, only columns that were named are searched. The column to
    reveal is never one of them.
    """
    default = () if subject.embeddings is not None else subject.features
    names = tuple(name for name in params.columns or default if name != params.reveal)
    for name in names:
        subject.column(name)
    return names


def numeric_columns(subject: Subject, names: Sequence[str]) -> tuple[str, ...]:
    """Return those columns that hold numbers or dates."""
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    def is_number(name: str) -> bool:
        column = subject.column(name)
        number = is_numeric_dtype(column) and not is_bool_dtype(column)
        return bool(number or is_datetime64_any_dtype(column))

    return tuple(name for name in names if is_number(name))
