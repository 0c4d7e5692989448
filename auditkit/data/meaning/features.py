"""Which columns may be learnt from, by one rule for every step: all but roles, identifiers, predictions and times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from auditkit.groups.columns import holds_lists

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

ENOUGH = 20
"""Rows from which values that are all different say that a column names its rows."""
_IDENTIFIER = re.compile(
    r"(.*[_\- .])?(id|ids|uuid|guid|ssn|identifier|index|row|rownum)|(?-i:.*[a-z]ID)", re.IGNORECASE
)
_PREDICTION = re.compile(
    r"(y[_ ]?)?(pred|preds|predicted|prediction|predictions|hat|probas?)|y[_ ]?score"
    r"|predicted[_ ](label|class|proba|probability)",
    re.IGNORECASE,
)


def default_features(table: pd.DataFrame, *, without: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Return the columns to learn from, in the table's order, and a note on those left out for what they look like.

    `without` are the columns that have a role. A saved index is left out without a word.
    """
    taken = set(without)
    free = [name for name in table.columns if name not in taken and not name.startswith("Unnamed: ")]
    looks = {name: kind for name in free if (kind := looks_like(table[name]))}
    told = "; ".join(
        f"{kind}: {', '.join(name for name, own in looks.items() if own == kind)}"
        for kind in ("identifiers", "predictions", "times")
        if kind in looks.values()
    )
    note = f"left out of the features for what they look like ({told}); --features names columns all the same"
    return tuple(name for name in free if name not in looks), note if looks else ""


def looks_like(values: pd.Series[Any]) -> str:
    """Return `identifiers`, `predictions` or `times`, or "" for a column that may be learnt from.

    An identifier is text, or a whole number called so or counted up, that differs in every row.
    """
    import pandas as pd

    name = str(values.name)
    if pd.api.types.is_datetime64_any_dtype(values):
        return "times"
    if _PREDICTION.fullmatch(name):
        return "predictions"
    if len(values) < ENOUGH or holds_lists(values) or not _all_differ(values):
        return ""
    whole = pd.api.types.is_integer_dtype(values)
    if not whole and pd.api.types.is_numeric_dtype(values):
        return ""
    counted = whole and int(values.max()) - int(values.min()) == len(values) - 1
    return "identifiers" if not whole or counted or _IDENTIFIER.fullmatch(name) else ""


def _all_differ(values: pd.Series[Any]) -> bool:
    """Return whether no two rows are alike; most columns say no within their first rows."""
    first = values.iloc[: 50 * ENOUGH]
    return bool(first.is_unique) and bool(values.is_unique)
