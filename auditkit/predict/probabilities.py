"""Which class each column of a model's probabilities is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError
from auditkit.values.labels import class_codes, class_position, sorted_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

LEAST_AGREEMENT = 0.5
"""Share of rows whose likeliest class is the predicted one. A threshold of its own may part the two in some rows."""
TOLERANCE = 0.02
"""By which probabilities of a row may miss a sum of one: those of half precision do."""


def in_class_order(
    subject: Subject, score: NDArray[np.float64], said: pd.Series[Any], *, source: str
) -> NDArray[np.float64]:
    """Return a model's probabilities in the subject's class order [n, k]; 0 for a class that it does not know.

    Columns are those of the model's `classes_`. Without it, they stand in the order of `sorted_labels`, if the
    likeliest class by that order is mostly the one that the model predicts. Raises DataError for probabilities that
    are none, and where columns and classes cannot be matched.
    """
    import numpy as np

    _check(subject, score, source)
    known = _named_classes(subject.model, source)
    if known is None:
        known = sorted_labels(subject.classes)
        _need_width(score, known, source, what=f"it has no classes_, and target '{subject.target}' has")
        _need_agreement(score, said, known, source=source)
    else:
        _need_width(score, known, source, what="its classes_ name")
    places = [class_position(label, subject.classes) for label in known]
    shown = ", ".join(map(str, known[:8]))
    if None in places:
        message = (
            f"the model's classes ({shown}) are not those of target '{subject.target}': {subject.classes}"
        )
        raise DataError(message)
    if len(set(places)) < len(places):
        message = f"{source} names two classes ({shown}) that are one class of target '{subject.target}'"
        raise DataError(message)
    ordered = np.zeros((len(score), len(subject.classes)))
    ordered[:, np.array(places, dtype=np.int64)] = score
    return ordered


def _check(subject: Subject, score: NDArray[np.float64], source: str) -> None:
    """Raise DataError unless there are probabilities of several classes for each row."""
    import numpy as np

    if score.ndim != 2 or len(score) != len(subject):
        shape = " x ".join(map(str, score.shape))
        message = (
            f"{source} gave probabilities of shape {shape} for {len(subject):,} rows; they must have one column for "
            "each class"
        )
        raise DataError(message)
    low, high = score < -TOLERANCE, score > 1 + TOLERANCE
    sums = np.abs(score.sum(axis=1) - 1) > TOLERANCE
    for wrong, what in (
        (~np.isfinite(score).all(axis=1), "are missing or infinite"),
        ((low | high).any(axis=1), "lie outside [0, 1]"),
        (sums, "do not add up to 1"),
    ):
        if wrong.any():
            where = f"{int(wrong.sum()):,} rows, such as row {int(wrong.argmax())}"
            message = f"{source}: probabilities {what} in {where}"
            raise DataError(message)


def _named_classes(model: Any, source: str) -> list[Any] | None:
    """Return the model's own names of its columns, None if it has none."""
    import numpy as np

    named = getattr(model, "classes_", None)
    if named is None:
        return None
    array = np.asarray(named, dtype=object)
    if array.ndim != 1:
        message = f"{source}: classes_ is no plain list of classes"
        raise DataError(message)
    return [label.item() if isinstance(label, np.generic) else label for label in array]


def _need_width(score: NDArray[np.float64], known: Sequence[Any], source: str, *, what: str) -> None:
    """Raise DataError unless each class has a column."""
    if score.shape[1] != len(known):
        message = f"{source} gives probabilities of {score.shape[1]} classes; {what} {len(known)}"
        raise DataError(message)


def _need_agreement(
    score: NDArray[np.float64], said: pd.Series[Any], known: Sequence[Any], *, source: str
) -> None:
    """Raise DataError where, by this order of the columns, the model mostly predicts what it holds to be unlikely."""
    codes, _ = class_codes(said, known)
    agreement = float((score.argmax(axis=1) == codes).mean())
    if agreement < LEAST_AGREEMENT:
        shown = ", ".join(map(str, known[:8])) + (", ..." if len(known) > 8 else "")
        message = (
            f"{source} has no classes_, and its probabilities are not in the order {shown}: in {1 - agreement:.0%} of "
            "the rows it predicts another class than its likeliest; give it a classes_ that names the columns"
        )
        raise DataError(message)
