"""The role of each column: it must exist, hold plain values, and have one role only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.data.meaning.targets import several_labels
from auditkit.errors import DataError, nearest
from auditkit.groups.columns import holds_lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd


def need_columns(table: pd.DataFrame, names: Iterable[str], *, role: str) -> None:
    """Raise DataError, with the role and the nearest name, unless every name is a column of plain values."""
    for name in names:
        if name not in table.columns:
            message = f"{role} column '{name}' does not exist{nearest(name, table.columns)}"
            raise DataError(message)
        if role != "ignore" and holds_lists(table[name]):
            message = f"{role} column '{name}' holds lists or records; it needs one value per row"
            if role in {"target", "pred", "outcome"}:
                message = several_labels(name, _first(table[name]), [])
            raise DataError(message)


def _first(values: pd.Series[Any]) -> Any:
    """Return the first cell of lists as plain values."""
    cell = values.dropna().iloc[0]
    return cell.tolist() if hasattr(cell, "tolist") else cell


def need_one_role(
    roles: Mapping[str, str | None], features: Iterable[str], *, ignored: Iterable[str]
) -> None:
    """Raise DataError if a column has two of the roles, or is also a feature or ignored."""
    taken: dict[str, str] = {}
    for role, name in roles.items():
        if name is None:
            continue
        if name in taken:
            message = f"column '{name}' cannot be both {taken[name]} and {role}"
            raise DataError(message)
        taken[name] = role
    for kind, names in (("a feature", features), ("ignored", ignored)):
        for name in names:
            if name in taken:
                message = f"column '{name}' cannot be both {taken[name]} and {kind}"
                raise DataError(message)


def check_loss(table: pd.DataFrame, loss: str) -> None:
    """Raise DataError unless every row's loss is a finite number."""
    import numpy as np
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(table[loss]):
        message = f"loss column '{loss}' is not a number"
        raise DataError(message)
    wrong = int((~np.isfinite(table[loss].to_numpy(dtype=np.float64, na_value=np.nan))).sum())
    if wrong:
        message = f"loss column '{loss}' has {wrong:,} missing or infinite values; leave those rows out"
        raise DataError(message)


def check_weight(table: pd.DataFrame, weight: str) -> None:
    """Raise DataError unless the weights are numbers, finite, none below zero and not all zero."""
    import numpy as np
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(table[weight]):
        message = f"weight column '{weight}' is not a number"
        raise DataError(message)
    values = table[weight].to_numpy(dtype=np.float64)
    for wrong, what in (
        (np.isnan(values), "missing values; use --missing drop or fill them in"),
        (np.isinf(values), "infinite values"),
        (values < 0, "negative values"),
    ):
        if wrong.any():
            message = f"weight column '{weight}' has {int(wrong.sum())} {what}"
            raise DataError(message)
    if not values.any():
        message = f"weight column '{weight}' is zero in every row"
        raise DataError(message)
