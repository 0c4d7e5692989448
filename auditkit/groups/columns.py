"""What a column of a table holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def holds_lists(values: pd.Series[Any]) -> bool:
    """Return whether a column holds values that are themselves collections."""
    return values.dtype == object and any(
        hasattr(value, "__len__") and not isinstance(value, str) for value in values
    )
