"""A table as the network reads it, fitted on training rows and repeatable on any other table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError
from auditkit.predict.encoding import MISSING, EncodedColumn, encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

FARTHEST = 5.0
"""Scaled numbers are kept within this many standard deviations: one huge value would outweigh a row."""


def fit_columns(
    subject: Subject, rows: NDArray[np.intp], *, names: Sequence[str]
) -> tuple[EncodedColumn, ...]:
    """Return the columns of these features: numbers scaled over `rows`, categories as 0 or 1 per level."""
    seen = replace(subject, table=subject.table.iloc[rows].reset_index(drop=True), groupings=(), groups=())
    encoded = encode(seen, features=names)
    return tuple(
        column if column.level is None else replace(column, centre=0.0, scale=1.0)
        for column in encoded.columns
    )


def encode_with(table: pd.DataFrame, columns: Sequence[EncodedColumn]) -> NDArray[np.float32]:
    """Return the columns of a table as float32 [n, d], numbers within 5 standard deviations.

    A level that was never seen is none of the levels. Raises DataError for a column that is not there, and for a
    missing number where training had no value to fill in.
    """
    import numpy as np

    made = np.empty((len(table), len(columns)), dtype=np.float32)
    for place, column in enumerate(columns):
        if column.source not in table.columns:
            message = f"the model reads column '{column.source}', which the table does not have"
            raise DataError(message)
        values = table[column.source]
        made[:, place] = _number(values, column) if column.level is None else _level(values, column.level)
    return made


def _number(values: pd.Series[Any], column: EncodedColumn) -> NDArray[np.float64]:
    import numpy as np
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(values):
        start = pd.Timestamp(0, tz=getattr(values.dt, "tz", None))
        numbers = np.asarray((values - start) / pd.Timedelta(days=1), dtype=np.float64)
    else:
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    missing = np.isnan(numbers)
    if missing.any():
        if column.fill is None:
            what = f"{int(missing.sum()):,} missing values; training had none to learn from"
            message = f"column '{column.source}' has {what}"
            raise DataError(message)
        numbers = np.where(missing, column.fill, numbers)
    return np.clip((numbers - column.centre) / column.scale, -FARTHEST, FARTHEST)


def _level(values: pd.Series[Any], level: Any) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (values.isna() if level == MISSING else values == level).to_numpy(dtype=bool)
    return found
