"""Named attributes that cut the rows into groups, each group with an expression that finds it in new rows."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError, UsageError, nearest
from auditkit.groups.bins import PERIODS, by_bin, by_period, number_text
from auditkit.groups.columns import holds_lists
from auditkit.groups.expressions import select_rows
from auditkit.groups.known_values import need_values
from auditkit.groups.syntax import columns_read
from auditkit.spec.groups import GroupSpec
from auditkit.values.grouping import Group, Grouping
from auditkit.values.labels import label_text, sorted_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from auditkit.values.subject import Subject

MAX_NUMBERS = 20
"""A column of numbers or dates with more distinct values than this needs bins."""
UNKNOWN = "unknown"
"""The group of rows without a value."""
MAX_LABELS = 1000
"""A column of text with more distinct values than this names rows, not groups."""


def group_by(subject: Subject, groups: Mapping[str, GroupSpec]) -> Subject:
    """Return the subject cut along these attributes in place of the ones it had; without any, as it was.

    A spec with a condition names one group, which stands against the rest of the rows. Rows whose value is missing are
    a group of their own unless the spec leaves them out; then, as in no bin, they have code -1. Notes say how many
    of each. Raises DataError for a column that does not exist and
    UsageError for one that these bins, or no bins, cannot cut.
    """
    if not groups:
        return subject
    groupings, named, notes = [], [], []
    for name, spec in groups.items():
        if spec.column is None:
            named.append(_by_condition(subject, name, spec))
            continue
        grouping, told = _by_column(subject, name, spec)
        groupings.append(grouping)
        notes += told
    need_values(subject.table, [spec.where for spec in groups.values() if spec.where is not None])
    grouped = replace(subject, groupings=tuple(groupings), notes=(*subject.notes, *notes))
    return grouped.with_groups(named)


def _by_column(subject: Subject, name: str, spec: GroupSpec) -> tuple[Grouping, list[str]]:
    """Return the attribute that a spec makes of its column, and what is to be said of rows that are in no group."""
    column = str(spec.column)
    if spec.where is not None:
        message = f"group '{name}' has both a column and a condition; give one of them"
        raise UsageError(message)
    values = _column(subject, name, column)
    grouping = _cut(name, values, spec)
    if not grouping.labels:
        message = f"group '{name}': no row has a value of column '{column}' that makes a group"
        raise UsageError(message)
    notes, n = [], subject.n_rows
    lacking = subject.rows_in(values.isna().to_numpy()) if spec.missing == "group" else 0
    if lacking:
        grouping = _with_unknown(grouping, values)
        notes.append(
            f"{lacking:,} of {n:,} rows have no '{column}': they are the group {name}={grouping.labels[-1]}, and among "
            "the rest of the others"
        )
    notes += _alike(grouping)
    if outside := subject.rows_in(grouping.codes < 0):
        missing = "is missing" if not lacking else ""
        bins = "in no bin" if missing else "is in no bin"
        what = " or ".join(part for part in (missing, bins if spec.bins is not None else "") if part)
        notes.append(f"{outside:,} of {n:,} rows are in no group of '{name}': '{column}' {what}")
    return _with_reference(grouping, spec.reference), notes


def _cut(name: str, values: pd.Series[Any], spec: GroupSpec) -> Grouping:
    """Return the attribute as its spec cuts it: by bins, by periods, or by values."""
    if spec.bins is not None and spec.as_ is not None:
        message = f"group '{name}' has both bins and as: {spec.as_}; give one of them"
        raise UsageError(message)
    if spec.bins is not None:
        return by_bin(name, values, spec.bins)
    if spec.as_ in PERIODS:
        return by_period(name, values, spec.as_)
    return _by_value(name, values, categories=spec.as_ == "category")


def _with_unknown(grouping: Grouping, values: pd.Series[Any]) -> Grouping:
    """Return the grouping with the rows that have no value as its last group."""
    import numpy as np

    label = UNKNOWN if UNKNOWN not in grouping.labels else f"{UNKNOWN} (no value)"
    codes = np.where(values.isna(), len(grouping.labels), grouping.codes).astype(np.int64)
    found = f"`{values.name}`.isna()"
    return replace(
        grouping, labels=(*grouping.labels, label), codes=codes, expressions=(*grouping.expressions, found)
    )


def _alike(grouping: Grouping) -> list[str]:
    """Return a note on labels that differ by spaces around them or by small and capital letters only."""
    same: dict[str, list[str]] = {}
    for label in grouping.labels:
        same.setdefault(label.strip("'").strip().casefold(), []).append(label)
    twins = [labels for labels in same.values() if len(labels) > 1]
    shown = "; ".join(", ".join(labels) for labels in twins[:3])
    told = f"groups of '{grouping.name}' that differ only by spaces or capitals, and stay apart: {shown}"
    return [told] if twins else []


def group_specs(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, GroupSpec]:
    """Return the specs of a data set's entries such as {"age": {"column": "age", "bins": [0, 25, 60]}}."""
    return {
        name: GroupSpec(
            column=entry["column"],
            bins=tuple(entry["bins"]) if entry.get("bins") else None,
            reference=entry.get("reference"),
            as_=entry.get("as"),
            missing=entry.get("missing", "group"),
        )
        for name, entry in entries.items()
    }


def _with_reference(grouping: Grouping, reference: str | None) -> Grouping:
    """Return the grouping with its reference group, or raise UsageError for one that the rows do not have."""
    if reference is not None and reference not in grouping.labels:
        message = f"group '{grouping.name}', reference: no group is '{reference}'{nearest(reference, grouping.labels)}"
        raise UsageError(message)
    return replace(grouping, reference=reference)


def _by_condition(subject: Subject, name: str, spec: GroupSpec) -> Group:
    """Return the group of the rows where a condition holds; it may be empty."""
    if spec.reference is not None:
        message = (
            f"group '{name}' has a reference but no column: a group with a condition stands against the rest"
        )
        raise UsageError(message)
    if spec.where is None or spec.bins is not None:
        wrong = "has bins but no column" if spec.bins is not None else "has neither a column nor a condition"
        message = f"group '{name}' {wrong}; give column, or where"
        raise UsageError(message)
    try:
        members = select_rows(spec.where, subject.table, embeddings=subject.embeddings)
    except (UsageError, DataError) as error:
        message = f"group '{name}', where: {error}"
        raise type(error)(message) from error
    columns = columns_read(spec.where)
    return Group(name, spec.rule or spec.where, spec.where, members, columns=columns)


def _column(subject: Subject, name: str, column: str) -> pd.Series[Any]:
    """Return a column that can be cut and found again by an expression."""
    if column not in subject.table.columns:
        message = f"group '{name}': {subject.source} has no column '{column}'"
        raise DataError(message + nearest(column, subject.table.columns))
    if any(mark in column for mark in "`\n\r"):  # DataFrame.eval cannot name such a column
        message = f"group '{name}': rename column {column!r}; a group's column has no backtick or line break"
        raise UsageError(message)
    if holds_lists(subject.table[column]):
        message = f"group '{name}': column '{column}' holds lists; it needs one value per row"
        raise DataError(message)
    return subject.table[column]


def _by_value(name: str, values: pd.Series[Any], *, categories: bool) -> Grouping:
    """Return one group per value: categories in their order, numbers ascending, text in sorted order.

    Many numbers are refused, unless they are said to be `categories`.
    """
    import numpy as np
    import pandas as pd

    codes, distinct = pd.factorize(values)
    found = distinct.tolist()
    dates = pd.api.types.is_datetime64_any_dtype(values)
    number = dates or (pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values))
    if number and not categories and len(found) > MAX_NUMBERS:
        column = values.name
        hint = f", such as {column}:2020/2022/2024, or {column}:year" if dates else _suggestion(values)
        message = (
            f"group '{name}': column '{column}' has {len(found):,} distinct values; read them as {column}:category, or "
            f"give bins{hint}"
        )
        raise UsageError(message)
    if len(found) > MAX_LABELS:
        message = (
            f"group '{name}': column '{values.name}' has {len(found):,} distinct values, too many for groups"
        )
        raise UsageError(message)
    if isinstance(values.dtype, pd.CategoricalDtype):
        order = np.argsort(values.cat.categories.get_indexer(distinct), kind="stable").tolist()
    else:
        ranks = {id(value): rank for rank, value in enumerate(sorted_labels(found))}
        order = sorted(range(len(found)), key=lambda i: ranks[id(found[i])])
    place = np.empty(len(found) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(found)), -1
    ordered = [found[i] for i in order]
    return Grouping(
        name,
        _labels(ordered),
        place[codes],
        tuple(equals(str(values.name), v) for v in ordered),
        columns=(str(values.name),),
    )


def _labels(values: list[Any]) -> tuple[str, ...]:
    """Return how each value is written; one with spaces around it, or written like another (1 and "1"), in quotes."""
    plain = [label_text(value) if value != "" else "(empty)" for value in values]
    times = Counter(plain)
    return tuple(
        text if times[text] == 1 and text == text.strip() else repr(value)
        for text, value in zip(plain, values, strict=True)
    )


def equals(column: str, value: Any) -> str:
    """Return the expression that selects a value of a column again."""
    import pandas as pd

    match value:
        case pd.Timestamp():  # DataFrame.eval turns == on text into isin, which no date is in
            return f'(`{column}` >= "{value}") & (`{column}` <= "{value}")'
        case bool() | int() | float():
            return f"`{column}` == {number_text(value)}"
        case _:
            return f"`{column}` == {str(value)!r}"


def _suggestion(values: pd.Series[Any]) -> str:
    """Return cut points near the quartiles, rounded to two digits, that cover every value."""
    import numpy as np

    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return ""
    inner = [float(f"{cut:.2g}") for cut in np.quantile(numbers, (0.25, 0.5, 0.75))]
    edges = sorted({edge for edge in inner if numbers.min() < edge <= numbers.max()})
    return f", such as {values.name}:{'/'.join(map(label_text, (-math.inf, *edges, math.inf)))}"
