"""Attributes of items and reference: groups as codes and zero-one columns, numbers as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import MISSING, DataError, UsageError, nearest
from auditkit_mpr.reference.intersections import Attribute

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


@dataclass(frozen=True, eq=False, kw_only=True)
class Statistics:
    """What is compared: columns for functions [n, l] and [m, l], and groups for counting."""

    columns: tuple[str, ...]
    items: NDArray[Any]
    reference: NDArray[Any]
    groups: tuple[Attribute, ...]


def read_attribute(
    name: str, subject: Subject, reference: pd.DataFrame, *, missing_values: Collection[str] = ()
) -> Read:
    """Return one attribute of the items and of the reference's table.

    `name` is a group that was named (a bin that a reference row is in is found by the group's expression) or a column.
    Raises DataError where a column is not there, or the two tables hold different kinds of values.
    """
    grouping = next((g for g in subject.groupings if g.name == name), None)
    column = name if grouping is None else grouping.expressions[0].split("`")[1]
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


def statistics(read: Sequence[Read], extra: tuple[NDArray[Any], NDArray[Any]] | None = None) -> Statistics:
    """Return the columns and groups of these attributes, and of `extra` rows such as embeddings [n, d], [m, d].

    Raises DataError at a missing number.
    """
    names: list[str] = []
    items: list[NDArray[Any]] = []
    reference: list[NDArray[Any]] = []
    for attribute in read:
        if attribute.numbers is not None:
            names.append(attribute.name)
            for values, into, whose in zip(
                attribute.numbers, (items, reference), ("items", "reference"), strict=True
            ):
                _need_finite(values, attribute.name, whose)
                into.append(values)
            continue
        for code, label in enumerate(attribute.labels):
            names.append(f"{attribute.name}={label}")
            for codes, into in ((attribute.items, items), (attribute.reference, reference)):
                into.append((np.asarray(codes) == code).astype(np.uint8))
    if extra is not None:
        names += [f"embedding {place}" for place in range(extra[0].shape[1])]
    return Statistics(
        columns=tuple(names),
        items=_stacked(items, None if extra is None else extra[0]),
        reference=_stacked(reference, None if extra is None else extra[1]),
        groups=tuple(
            Attribute(name=a.name, labels=a.labels, items=a.items, reference=a.reference)
            for a in read
            if a.labels and a.items is not None and a.reference is not None
        ),
    )


def known_values(read: Sequence[Read]) -> list[str]:
    """Return a sentence for every value that only items or only the reference have.

    Raises DataError if an attribute has no value in common: then the two tables write their values differently.
    """
    notes = []
    for attribute in read:
        if attribute.items is None or attribute.reference is None:
            continue
        here, there = (
            {attribute.labels[code] for code in np.unique(codes) if code >= 0}
            for codes in (attribute.items, attribute.reference)
        )
        if here and there and not here & there:
            message = (
                f"attribute '{attribute.name}': items have {_few(here)} and the reference has {_few(there)}, with no "
                "value in common; write values alike in both"
            )
            raise DataError(message)
        if here and there - here:
            notes.append(
                f"No item has {attribute.name} {_few(there - here)}, which the reference has: no list can represent it."
            )
        if there and here - there:
            notes.append(
                f"The reference has no {attribute.name} {_few(here - there)}, which items have: its share counts as 0."
            )
    return notes


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
            message = f"attribute '{attribute.name}' holds numbers, and its shares name {_few(set(values))}"
            raise UsageError(message) from error
        numbers = (attribute.numbers[0], typed.astype(attribute.numbers[0].dtype))
    return Read(name=attribute.name, labels=labels, items=attribute.items, reference=codes, numbers=numbers)


def as_category(attribute: Read) -> Read:
    """Return the attribute with its missing values as one more group."""
    if attribute.items is None or attribute.reference is None:
        return attribute
    last = len(attribute.labels)
    return Read(
        name=attribute.name,
        labels=(*attribute.labels, MISSING),
        items=np.where(attribute.items < 0, last, attribute.items),
        reference=np.where(attribute.reference < 0, last, attribute.reference),
    )


def missing(attribute: Read) -> tuple[int, int]:
    """Return how many items and how many reference rows miss the attribute."""
    if attribute.items is not None and attribute.reference is not None:
        return int((attribute.items < 0).sum()), int((attribute.reference < 0).sum())
    items, reference = attribute.numbers or (np.zeros(0), np.zeros(0))
    return int(np.isnan(items.astype(float)).sum()), int(np.isnan(reference.astype(float)).sum())


def refuse_missing(attribute: Read) -> None:
    """Raise UsageError if a value is missing."""
    items, rows = missing(attribute)
    if not items and not rows:
        return
    what = f"{items:,} items" if items else f"{rows:,} reference rows"
    choices = "count them as a group with --unknown category, or predict them with --unknown probe"
    message = f"attribute '{attribute.name}' is missing in {what}; " + (
        choices if attribute.labels else "fill them in: a number cannot be a group of its own"
    )
    raise UsageError(message)


def _need_finite(values: NDArray[Any], name: str, whose: str) -> None:
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        bad = np.flatnonzero(~np.isfinite(values))
        message = f"attribute '{name}' is missing or infinite in {len(bad):,} rows of the {whose}, as in row {bad[0]}"
        raise DataError(message)


def _stacked(columns: Sequence[NDArray[Any]], extra: NDArray[Any] | None) -> NDArray[Any]:
    """Return the columns as one matrix: bytes while all are zero or one, else float64."""
    kind = np.uint8 if extra is None and all(column.dtype == np.uint8 for column in columns) else np.float64
    parts = [np.stack(columns, axis=1).astype(kind)] if columns else []
    if extra is not None:
        parts.append(np.asarray(extra, dtype=np.float64))
    return np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]


def _few(values: Collection[str]) -> str:
    shown = sorted(values)
    return ", ".join(f"'{value}'" for value in shown[:4]) + (
        f" and {len(shown) - 4} more" if len(shown) > 4 else ""
    )
