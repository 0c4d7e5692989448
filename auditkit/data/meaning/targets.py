"""Targets: one label per row, of the kind that was said or that its values show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError
from auditkit.values.subject import is_number

if TYPE_CHECKING:
    import pandas as pd

    from auditkit.values.subject import Task

SEPARATORS = ";|,"
"""What stands between the labels of a cell that holds several."""


def check_target(table: pd.DataFrame, target: str, task: Task | None) -> None:
    """Raise DataError if labels are missing, infinite, all the same, several in a cell, or not of the task said."""
    import numpy as np
    import pandas as pd

    values = table[target]
    if missing := int(values.isna().sum()):
        message = f"target column '{target}' has {missing:,} missing values; leave those rows out with --missing drop"
        raise DataError(message)
    distinct = values.unique().tolist()
    if len(distinct) == 1:
        message = f"target column '{target}' has one value only ({distinct[0]}); nothing can be told apart"
        raise DataError(message)
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if task == "regression" and not numeric:
        message = f"--task regression asks for a target that is a number, and column '{target}' is none"
        raise DataError(message)
    number = is_number(values) if task is None else task == "regression"
    if number and not np.isfinite(values.to_numpy(dtype=np.float64)).all():
        message = f"target column '{target}' has infinite values"
        raise DataError(message)
    _check_classes(target, distinct, task)
    if task is None and not number:
        check_one_label(target, distinct)


def _check_classes(target: str, distinct: list[Any], task: Task | None) -> None:
    """Raise DataError unless there are as many classes as the task that was said has."""
    fits = {"binary": len(distinct) == 2, "multiclass": len(distinct) > 2}
    if task in fits and not fits[task]:
        wanted = "two classes" if task == "binary" else "more than two classes"
        message = f"--task {task} asks for {wanted}, and target column '{target}' has {len(distinct)}"
        raise DataError(message)


def check_one_label(column: str, distinct: list[Any]) -> None:
    """Raise DataError where cells join several labels, such as `a;b`, each of which other cells hold too."""
    texts = [value for value in distinct if isinstance(value, str)]
    for mark in SEPARATORS:
        joined = [text for text in texts if mark in text]
        if len(joined) < 2:
            continue
        seen = Counter(part.strip() for text in texts for part in set(text.split(mark)))
        labels = sorted({part.strip() for text in joined for part in text.split(mark)})
        if len(labels) < len(texts) and all(seen[label] > 1 for label in labels):
            raise DataError(several_labels(column, joined[0], labels))


def several_labels(column: str, cell: Any, labels: list[str]) -> str:
    """Return the message for a column whose cells hold several labels, with the way to audit each."""
    shown = ", ".join(labels[:5]) + (", ..." if len(labels) > 5 else "")
    which = f" ({shown})" if labels else ""
    otherwise = "; --task multiclass reads each cell as one class" if labels else ""
    return (
        f"column '{column}' holds several labels in one cell, such as {cell!r}: make a column of yes and no for each "
        f"label{which}, in the labels and in the predictions, and audit one at a time with --target and --pred"
        f"{otherwise}"
    )
