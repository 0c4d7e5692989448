"""A table of cells made the rows that it counts, so that every number is that of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.data.memory import Room

BYTES_PER_VALUE = 8


def counted_rows(table: pd.DataFrame, count: str, room: Room) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the table with each row as often as its count says, and the row int64 [n] that each was.

    Raises DataError for a count that is no whole number from 0 on, and for more rows than memory holds.
    """
    import numpy as np
    import pandas as pd

    values = table[count]
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        message = f"count column '{count}' is not a number of rows"
        raise DataError(message)
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers)))
    if wrong.any():
        message = (
            f"count column '{count}' has {int(wrong.sum())} values that are no whole number of rows, such as "
            f"{values[wrong].iloc[0]}; weights are given with --weight"
        )
        raise DataError(message)
    room.need(
        int(numbers.sum()) * BYTES_PER_VALUE * len(table.columns),
        f"the {int(numbers.sum()):,} rows of '{count}'",
    )
    rows = np.repeat(np.arange(len(table)), numbers.astype(np.int64))
    notes = (
        *table.attrs.get("notes", ()),
        f"{len(rows):,} rows, counted by '{count}' in {len(table):,} cells",
    )
    counted = table.iloc[rows].reset_index(drop=True)
    counted.attrs["notes"] = notes
    return counted, rows
