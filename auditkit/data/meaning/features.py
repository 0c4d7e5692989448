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
LEVELS = 100
"""A column that is called an identifier, and has more values than a category may have, is one."""
_NAMING = frozenset({"id", "ids", "uuid", "guid", "ssn", "identifier"})
_COUNTING = frozenset(
    {"index", "row", "rownum", "number", "no", "nr", "nbr", "num", "key", "serial", "phone"}
)
"""Last words of a name: of identifiers, and of what is one where no two rows are alike."""
_PREDICTED = frozenset(
    {"pred", "preds", "predict", "predicted", "prediction", "predictions", "yhat", "prob", "probs", "proba", "probas",
     "logit", "logits"}
)  # fmt: skip
_TOGETHER = (
    {"y", "hat"}, {"p", "hat"}, {"y", "score"}, {"y", "probability"}, {"model", "score"}, {"model", "output"},
    {"scored", "label"}, {"scored", "labels"}, {"scored", "probability"}, {"scored", "probabilities"},
)  # fmt: skip
"""Words of a name that say that a model made it: each alone, and those that do so together."""
_CLOCK = frozenset({"timestamp", "datetime", "epoch", "unixtime", "at"})
EPOCH = 100_000_000
"""Numbers named as a time that are all larger than this count seconds since 1970."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_TIME = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}/\d{1,2}/\d{2})([ T]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?"
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

    An identifier is text that differs in every row, or a whole number that does and is called so or counted up, or one
    that is called so and has more values than a category may have. Text is a time where all of it reads as one.
    """
    words = [word.lower() for word in _WORD.findall(str(values.name))]
    if _is_time(values, words):
        return "times"
    if _PREDICTED & set(words) or any(together <= set(words) for together in _TOGETHER):
        return "predictions"
    return "identifiers" if _is_identifier(values, words) else ""


def _is_time(values: pd.Series[Any], words: list[str]) -> bool:
    import pandas as pd
    from pandas.api import types

    if types.is_datetime64_any_dtype(values) or types.is_timedelta64_dtype(values):
        return True
    if isinstance(values.dtype, pd.PeriodDtype):
        return True
    if types.is_numeric_dtype(values):
        return (
            bool(_CLOCK & set(words[-1:])) and not types.is_bool_dtype(values) and bool(values.min() > EPOCH)
        )
    kind = types.infer_dtype(values.iloc[:ENOUGH], skipna=True)
    if kind in {"date", "datetime", "time"}:
        return True
    first = values.dropna().iloc[:1]
    if kind not in {"string", "categorical"} or not len(first) or not _TIME.fullmatch(str(first.iloc[0])):
        return False
    return all(_TIME.fullmatch(str(value)) for value in values.dropna().unique())


def _is_identifier(values: pd.Series[Any], words: list[str]) -> bool:
    from pandas.api import types

    if len(values) < ENOUGH or holds_lists(values):
        return False
    number, last = types.is_numeric_dtype(values), set(words[-1:])
    if number and not _whole(values):
        return False
    named = bool(last & _NAMING)
    if not _all_differ(values):
        return named and values.nunique() > LEVELS
    counted = number and int(values.max()) - int(values.min()) == values.count() - 1
    return not number or named or counted or bool(last & _COUNTING)


def _whole(values: pd.Series[Any]) -> bool:
    """Return whether a column of numbers holds whole ones only, as one of identifiers with a gap does."""
    from pandas.api import types

    if types.is_bool_dtype(values) or types.is_complex_dtype(values):
        return False
    there = values.dropna()
    if types.is_integer_dtype(values):
        return len(there) > 0
    there = there.astype("float64")  # half precision cannot hold the bound
    return len(there) > 0 and bool((there.abs() < 2**53).all() and (there % 1 == 0).all())


def _all_differ(values: pd.Series[Any]) -> bool:
    """Return whether no two rows that have a value are alike; most columns say no within their first rows."""
    first = values.iloc[: 50 * ENOUGH].dropna()
    return len(first) > 1 and bool(first.is_unique) and bool(values.dropna().is_unique)
