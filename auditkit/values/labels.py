"""Predicted labels told in the target's own classes: 1, 1.0, True and "1" can be one class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def label_text(value: Any) -> str:
    """Return a label as people write it: a whole float without its `.0`, anything else by `str`."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else str(value)


def class_position(value: Any, classes: Sequence[Any]) -> int | None:
    """Return the position of the class that equals `value`, else of the one written the same, else None.

    Numbers are equal across types (1, 1.0, True). Text matches a class by its exact writing ("1" is 1), a
    true-or-false class in any case ("true" is True).
    """
    for position, label in enumerate(classes):
        if value == label:
            return position
    for position, label in enumerate(classes):
        written, read = label_text(label), label_text(value)
        if written == read or (isinstance(label, bool) and written.casefold() == read.casefold()):
            return position
    return None


def sorted_labels(labels: Iterable[Any]) -> list[Any]:
    """Return labels in the one order that classes and groups have everywhere: numbers ascending, then texts sorted.

    True and false count as 1 and 0. Whatever else there is comes last: sorted, or by its writing if that cannot be.
    """
    numbers: list[Any] = []
    texts: list[str] = []
    others: list[Any] = []
    for label in labels:
        match label:
            case int() | float():
                numbers.append(label)
            case str():
                texts.append(label)
            case _:
                others.append(label)
    try:
        others.sort()
    except TypeError:
        others.sort(key=lambda label: (type(label).__name__, str(label)))
    return [*sorted(numbers), *sorted(texts), *others]


def class_codes(values: pd.Series[Any], classes: Sequence[Any]) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    """Return each value's position in `classes`, int64 [n], and the values that are no class.

    A missing value and a value that is no class have code -1.
    """
    import numpy as np
    import pandas as pd

    found, distinct = pd.factorize(values)
    labels = distinct.tolist()
    positions = [class_position(label, classes) for label in labels]
    lookup = np.array([-1 if position is None else position for position in positions] + [-1], dtype=np.int64)
    strangers = tuple(label for label, position in zip(labels, positions, strict=True) if position is None)
    return lookup[found], strangers


def class_array(classes: Sequence[Any]) -> NDArray[Any]:
    """Return the classes as an array [k] that indexes into labels: numbers stay numbers, text is object."""
    import numpy as np

    plain = all(isinstance(label, bool) for label in classes) or all(
        isinstance(label, int | float) and not isinstance(label, bool) for label in classes
    )
    if plain:
        return np.asarray(classes)
    array = np.empty(len(classes), dtype=object)
    array[:] = classes
    return array
