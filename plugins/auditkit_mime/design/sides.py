"""Who is called the minority, who the majority, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, assert_never

import numpy as np
import pandas as pd

from auditkit import DataError, UsageError, label_text, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Subject

MOST_GROUPS = 50


@dataclass(frozen=True, eq=False)
class Sides:
    """Two groups of rows, bool [n] each, with their names and the reason for calling one of them the minority."""

    majority: str
    minority: str
    of_majority: NDArray[np.bool_]
    of_minority: NDArray[np.bool_]
    why: str


@dataclass(frozen=True, eq=False)
class Attribute:
    """A group for each row, int [n], an index into the labels or -1; `columns` hold it and are no input."""

    name: str
    labels: tuple[str, ...]
    codes: NDArray[np.int64]
    columns: frozenset[str]


def attribute(subject: Subject, name: str | None) -> Attribute:
    """Return the attribute of this name, a grouping of the subject or a column; without a name, the only grouping.

    Raises UsageError if none is named, if it does not tell two groups apart or has values like numbers.
    """
    if name is None:
        if len(subject.groupings) != 1:
            known = (
                [g.name for g in subject.groupings] or list(subject.sensitive) or list(subject.table.columns)
            )
            message = f"mime needs the attribute whose groups to compare: --group {known[0]}"
            raise UsageError(message)
        name = subject.groupings[0].name
    grouping = next((g for g in subject.groupings if g.name == name), None)
    if grouping is not None:
        found = Attribute(name, grouping.labels, grouping.codes, frozenset(grouping.columns))
    else:
        found = _of_column(name, subject.column(name))
    if len(found.labels) < 2:
        message = f"group '{name}' has one value only ({', '.join(found.labels)}): there is no minority"
        raise DataError(message)
    return found


def _of_column(name: str, values: pd.Series[Any]) -> Attribute:
    codes, distinct = pd.factorize(values, sort=False)
    if len(distinct) > MOST_GROUPS:
        message = f"group '{name}' has {len(distinct)} values; cut it into bins: --groups {name}:0/10/20 --group {name}"
        raise UsageError(message)
    return Attribute(name, tuple(label_text(v) for v in distinct.tolist()), codes, frozenset({name}))


def sides(
    found: Attribute, *, minority: str | None, against: Literal["rest", "each"], source: str
) -> tuple[Sides, ...]:
    """Return the minority against all other rows, or against each other group in the order of their labels.

    Without a named minority it is the group with the fewest rows. Raises UsageError for a name that is no group.
    """
    rows = np.bincount(found.codes[found.codes >= 0], minlength=len(found.labels))
    if minority is not None and minority not in found.labels:
        message = f"--minority '{minority}' is no value of '{found.name}'{nearest(minority, found.labels)}"
        raise UsageError(message)
    few = int(rows.argmin()) if minority is None else found.labels.index(minority)
    of_minority = found.codes == few
    made = []
    for name, mask in _majorities(found, few, rows, against=against):
        sizes = (int(of_minority.sum()), int(mask.sum()))
        why = _why(found, few, other=name, rows=sizes, named=minority is not None, source=source)
        made.append(Sides(name, found.labels[few], mask, of_minority, why))
    return tuple(made)


def _majorities(
    found: Attribute, few: int, rows: NDArray[np.int64], *, against: Literal["rest", "each"]
) -> list[tuple[str, NDArray[np.bool_]]]:
    """Return the name and the rows, bool [n], of everything that the group `few` is set against."""
    others = [i for i in range(len(found.labels)) if i != few and rows[i]]
    match against:
        case "rest" if len(others) != 1:
            return [(f"not {found.labels[few]}", (found.codes >= 0) & (found.codes != few))]
        case "rest" | "each":
            return [(found.labels[i], found.codes == i) for i in others]
        case _:
            assert_never(against)


def _why(found: Attribute, few: int, *, other: str, rows: tuple[int, int], named: bool, source: str) -> str:
    """Return in one sentence who is the minority and by whose word; `rows` are its own and the others'."""
    called = f"{found.name} = {found.labels[few]} is called the minority"
    counts = f"{rows[0]:,} rows in {source} against {rows[1]:,} of {other}"
    if not named:
        return f"{called}: it is the smallest group ({counts})"
    how = "and it has fewer rows" if rows[0] < rows[1] else "although it is not the smaller group"
    return f"{called} because --minority says so, {how} ({counts})"
