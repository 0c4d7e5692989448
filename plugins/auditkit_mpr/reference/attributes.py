"""Attributes of items and reference: groups as codes and zero-one columns, numbers as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import Grouping, Subject
    from auditkit_mpr.arrays import Codes

MAX_NUMBERS = 20
"""A column of numbers with more distinct values is a quantity and not also a set of groups."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Read:
    """One attribute as read from both tables. Groups have `labels` and codes, -1 for missing; numbers have values.

    Numbers of few values have both: they are a quantity for functions, and groups for counting.
    """

    name: str
    labels: tuple[str, ...] = ()
    items: Codes | None = None
    reference: Codes | None = None
    numbers: tuple[NDArray[Any], NDArray[Any]] | None = None


def read_attribute(
    name: str, subject: Subject, reference: pd.DataFrame, *, missing_values: Collection[str] = ()
) -> Read:
    """Return one attribute of the items and of the reference's table.

    `name` is a group that was named (a bin that a reference row is in is found by the group's expression) or a column.
    Raises DataError where a column is not there, or the two tables hold different kinds of values.
    """
    grouping = next((g for g in subject.groupings if g.name == name), None)
    column = name if grouping is None else (grouping.columns or (name,))[0]
    if grouping is not None and not all(" == " in text for text in grouping.expressions):
        return _binned(grouping, column, reference)
    if column not in subject.table.columns and column not in reference.columns:
        subject.column(column)  # raises, with the nearest name
    items = _column(subject.table, column, len(subject))
    rows = _column(reference, column, len(reference))
    if column not in reference.columns:
        message = f"the reference has no column '{column}'{nearest(column, map(str, reference.columns))}"
        raise DataError(message)
    kinds = {_is_number(values) for values in (items, rows) if values.notna().any()}
    if len(kinds) > 1:
        message = f"attribute '{name}' holds numbers in one of items and reference, and text in the other"
        raise DataError(message)
    if kinds == {True}:
        return _numbers(name, items, rows)
    return _categories(name, items, rows, missing_values)


def _binned(grouping: Grouping, column: str, reference: pd.DataFrame) -> Read:
    if column not in reference.columns:
        message = f"the reference has no column '{column}'{nearest(column, map(str, reference.columns))}"
        raise DataError(message)
    codes = np.full(len(reference), -1, dtype=np.int64)
    for place, expression in enumerate(grouping.expressions):
        inside: Any = reference.eval(expression)
        codes[np.asarray(inside, dtype=bool)] = place
    return Read(name=grouping.name, labels=grouping.labels, items=grouping.codes, reference=codes)


def _column(table: pd.DataFrame, column: str, rows: int) -> pd.Series[Any]:
    """Return a column, or one without values for a table that lacks it: a probe may fill it."""
    import pandas as pd

    return table[column] if column in table.columns else pd.Series([None] * rows, dtype=object)


def _is_number(values: pd.Series[Any]) -> bool:
    import pandas as pd

    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _numbers(name: str, items: pd.Series[Any], rows: pd.Series[Any]) -> Read:
    both = [values.to_numpy(dtype=np.float64, na_value=np.nan) for values in (items, rows)]
    if all(len(v) and np.isin(v, (0.0, 1.0)).all() for v in both):
        both = [values.astype(np.uint8) for values in both]
    distinct = np.unique(np.concatenate(both))
    if len(distinct) > MAX_NUMBERS or np.isnan(distinct.astype(float)).any():
        return Read(name=name, numbers=(both[0], both[1]))
    codes = [np.searchsorted(distinct, values).astype(np.int64) for values in both]
    return Read(
        name=name,
        numbers=(both[0], both[1]),
        labels=tuple(f"{v:g}" for v in distinct),
        items=codes[0],
        reference=codes[1],
    )


def _categories(
    name: str, items: pd.Series[Any], rows: pd.Series[Any], missing_values: Collection[str]
) -> Read:
    import pandas as pd

    both = []
    for values in (items, rows):
        codes, distinct = pd.factorize(values)
        both.append((codes, [str(value) for value in distinct]))
    labels = sorted({text for _, texts in both for text in texts} - set(missing_values))
    if not labels:
        message = f"attribute '{name}' has no values"
        raise DataError(message)
    place = {label: code for code, label in enumerate(labels)}
    # The last entry serves code -1, a missing value.
    found = [np.array([*(place.get(text, -1) for text in texts), -1])[codes] for codes, texts in both]
    return Read(name=name, labels=tuple(labels), items=found[0], reference=found[1])


def with_typed_reference(attribute: Read, values: Sequence[str]) -> Read:
    """Return the attribute of the items against a reference whose rows [m] are given by labels, as somebody typed them.

    Raises UsageError where a quantity's label is no number.
    """
    labels = (*attribute.labels, *sorted(set(values) - set(attribute.labels)))
    place = {label: code for code, label in enumerate(labels)}
    codes = np.array([place[value] for value in values], dtype=np.int64)
    numbers = None
    if attribute.numbers is not None:
        try:
            typed = np.array([float(value) for value in values])
        except ValueError as error:
            message = f"attribute '{attribute.name}' holds numbers, and its shares name {few(set(values))}"
            raise UsageError(message) from error
        numbers = (attribute.numbers[0], typed.astype(attribute.numbers[0].dtype))
    return Read(name=attribute.name, labels=labels, items=attribute.items, reference=codes, numbers=numbers)


def few(values: Collection[str]) -> str:
    """Return the first values in quotes, and how many more there are."""
    shown = sorted(values)
    return ", ".join(f"'{value}'" for value in shown[:4]) + (
        f" and {len(shown) - 4} more" if len(shown) > 4 else ""
    )
