"""Predictions that somebody made already: a column, or a file with one value per row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.data.arrays import read_array
from auditkit.data.formats.table import read_table
from auditkit.data.paths import is_file
from auditkit.data.sources import is_column_file
from auditkit.errors import DataError, nearest
from auditkit.groups.columns import holds_lists
from auditkit.values.labels import class_array, class_codes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from auditkit.data.memory import Room
    from auditkit.values.subject import Subject

LONGEST_LABEL = 10_000
"""Letters of a predicted label: an array holds as many for every row, used or not."""


def attach(
    table: pd.DataFrame, name: str | None, *, role: str, folder: Path, room: Room
) -> tuple[pd.DataFrame, str | None]:
    """Return the table with the predictions as a column, and that column's name.

    `name` is a column, or else a file (.npy, or a table of one column) with as many rows as the table.
    """
    if name is None or name in table.columns:
        return table, name
    if not is_column_file(name) and not is_file(folder / name):
        message = f"{role} column '{name}' does not exist{nearest(name, table.columns)}"
        raise DataError(message)
    values = _one_column(folder / name, role, room)
    if len(values) != len(table):
        message = f"{role} file {name} has {len(values):,} values, but the table has {len(table):,} rows"
        raise DataError(message)
    free = role
    while free in table.columns:
        free += "_"
    return table.assign(**{free: values}), free


def _one_column(path: Path, role: str, room: Room) -> Any:
    """Return the only column of a file."""
    if path.suffix.lower() != ".npy":
        frame = read_table(path, room=room)
        if len(frame.columns) != 1:
            message = f"{role} file {path} has {len(frame.columns)} columns; it needs exactly one"
            raise DataError(message)
        return frame.iloc[:, 0].array
    values = read_array(path, what=f"{role} file", room=room)
    if values.dtype.kind not in "biufSUmM":
        message = f"{role} file {path} holds values of type {values.dtype}; give numbers or texts"
        raise DataError(message)
    if values.dtype.kind in "SU" and values.dtype.itemsize > 4 * LONGEST_LABEL:
        message = (
            f"{role} file {path} holds {values.dtype} texts; a label has at most {LONGEST_LABEL:,} letters"
        )
        raise DataError(message)
    if values.ndim == 2 and values.shape[1] == 1:
        return values[:, 0]
    if values.ndim != 1:
        message = f"{role} file {path} holds an array of shape {values.shape}; it needs one value per row"
        raise DataError(message)
    return values


def check_pred(subject: Subject, pred: str) -> Subject:
    """Return the subject with its predictions told in the target's own classes, or raise DataError.

    Without a target the predictions stay as they are.
    """
    import pandas as pd

    values = plain_values(subject.column(pred), role="pred" if subject.target else "decision")
    if subject.task == "none":
        return subject
    if subject.task == "regression":
        _need_finite(values, role="pred")
        return subject
    if _are_classes(values, subject.classes):
        return subject
    codes, strangers = class_codes(values, subject.classes)
    if strangers:
        raise DataError(_not_a_class(subject, values, strangers))
    told = pd.Series(class_array(subject.classes)[codes], index=values.index)
    return replace(subject, table=subject.table.assign(**{pred: told}))


def _are_classes(values: pd.Series[Any], classes: Sequence[Any]) -> bool:
    """Return whether texts or whole numbers are the classes themselves, so that nothing has to be told anew.

    Other types have values that are equal and not the same: 1, 1.0 and True, 0.0 and -0.0.
    """
    import pandas as pd

    of_classes = pd.Series(class_array(classes)).dtype
    exact = isinstance(of_classes, pd.StringDtype) or pd.api.types.is_integer_dtype(of_classes)
    return exact and values.dtype == of_classes and set(values.unique().tolist()) <= set(classes)


def plain_values(values: pd.Series[Any], *, role: str) -> pd.Series[Any]:
    """Return a column of predictions or scores, or raise DataError for missing values or lists in it."""
    name = values.name
    if holds_lists(values):
        message = f"{role} column '{name}' holds lists; it needs one value per row"
        raise DataError(message)
    if missing := int(values.isna().sum()):
        message = (
            f"{role} column '{name}' has {missing:,} missing values; leave those rows out with --missing drop"
        )
        raise DataError(message)
    return values


def _need_finite(values: pd.Series[Any], *, role: str) -> None:
    """Raise DataError unless every value is a finite number."""
    import numpy as np
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(values):
        message = f"{role} column '{values.name}' is not a number, but the target is"
        raise DataError(message)
    if wrong := int((~np.isfinite(values.to_numpy(dtype=np.float64))).sum()):
        message = f"{role} column '{values.name}' has {wrong} infinite values"
        raise DataError(message)


def _not_a_class(subject: Subject, values: pd.Series[Any], strangers: tuple[Any, ...]) -> str:
    """Return the message for predictions that are not among the target's classes."""
    import pandas as pd

    classes = ", ".join(repr(label) for label in subject.classes[:8])
    shown = ", ".join(repr(label) for label in strangers[:3])
    message = f"pred column '{values.name}' has values that are no class of '{subject.target}': {shown}"
    message += f" (classes: {classes})"
    if pd.api.types.is_float_dtype(values) and bool(values.between(0, 1).all()):
        return f"{message}; are they probabilities? give those with --score"
    if pd.api.types.is_float_dtype(values) and pd.api.types.is_numeric_dtype(
        subject.column(subject.need_target())
    ):
        return f"{message}; is the target a number, such as a rating? then say --task regression"
    return message + nearest(str(strangers[0]), map(str, subject.classes))
