"""The roles of a table's columns, guessed by names and values; each guess is said in the recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

TARGETS = ("target", "label", "y", "y_true", "true", "truth", "actual", "ground_truth")
PREDS = ("pred", "prediction", "predicted", "y_pred", "yhat", "y_hat", "decision", "p")
SCORES = ("score", "prob", "probability", "proba", "y_score", "y_prob")
ATTRIBUTES = frozenset(
    {
        "sex", "gender", "race", "ethnicity", "age", "age_group", "nationality", "religion", "disability", "marital",
        "marital_status", "native_country", "country_of_birth", "language", "skin", "skin_tone", "region",
    }
)  # fmt: skip
"""Names of columns that groups are mostly cut by."""
AGES = "0/25/40/60/120"
MOST_GROUPS = 20
MOST_NAMED = 6


def column_named(table: pd.DataFrame, names: Sequence[str]) -> str | None:
    """Return the first column that is called one of these names, in any case."""
    by_name = {str(column).lower(): str(column) for column in reversed(list(table.columns))}
    return next((by_name[name] for name in names if name in by_name), None)


def binary_column(table: pd.DataFrame, names: Sequence[str]) -> str | None:
    """Return the first of these columns that has two values."""
    return column_named(table, [name for name in names if _is_binary(table, name)])


def twin_of(table: pd.DataFrame, target: str) -> str | None:
    """Return the one other column that has the target's values: what somebody decided or predicted, most likely."""
    if target not in table.columns:
        return None
    values = set(table[target].dropna().unique())
    found = [
        str(column)
        for column in table.columns
        if column != target
        and str(column).lower() not in ATTRIBUTES
        and set(table[column].dropna().unique()) == values
    ]
    return found[0] if len(found) == 1 and len(values) == 2 else None


def groups_in(table: pd.DataFrame) -> str:
    """Return what cuts the rows, as --groups writes it. Raises UsageError where no column looks like it."""
    found = []
    for column in map(str, table.columns):
        plain = column.lower().replace("-", "_").replace(" ", "_")
        if plain not in ATTRIBUTES or "," in column or ":" in column:
            continue
        distinct = table[column].nunique()
        if plain == "age" and distinct > MOST_GROUPS:
            found.append(f"{column}:{AGES}")
        elif 2 <= distinct <= MOST_GROUPS:
            found.append(column)
    if not found:
        message = "no column is called like an attribute of persons; say what cuts the rows: --groups sex,age:0/40/120"
        raise UsageError(message)
    return ",".join(found)


def no_label(table: pd.DataFrame) -> str:
    """Return what to say of a table whose label no column's name tells, with the columns that it may be."""
    two = [str(name) for name in table.columns if _is_binary(table, str(name))]
    shown = ", ".join(f"'{name}'" for name in two[:MOST_NAMED]) + (", ..." if len(two) > MOST_NAMED else "")
    may = f"; two values have {shown}" if two else "; none has two values"
    return f"no column is called like a label{may}: name it with --target, or a decision without labels with --outcome"


def _is_binary(table: pd.DataFrame, name: str) -> bool:
    column = column_named(table, [name])
    return column is not None and table[column].nunique() == 2
