"""Sensitive columns as groups: values as they are, numbers in quantile bins, several columns crossed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError, UsageError, nearest
from auditkit.groups.bins import number_text
from auditkit.groups.cut import equals
from auditkit.values.grouping import Attribute
from auditkit.values.labels import label_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

MOST_VALUES = 20
"""A number with more distinct values than this is cut at its quantiles."""


def attributes_of(
    subject: Subject, *, quantiles: int = 4, versus: str | None = None
) -> tuple[Attribute, ...]:
    """Return the sensitive attributes: the subject's own groupings of that name, or values, or quantile bins.

    An attribute that has the value `versus` gets two groups: that value, and all others.
    Raises UsageError if none is named, DataError for a column with fewer than two groups.
    """
    import numpy as np

    if not subject.sensitive:
        message = (
            f"a repair needs to know between which groups: name columns with --sensitive{_examples(subject)}"
        )
        if subject.groupings:
            message += "; --groups says what is audited before and after it"
        raise UsageError(message)
    named = {grouping.name: grouping for grouping in subject.groupings}
    found = [
        Attribute(name, named[name].labels, named[name].codes, expressions=named[name].expressions)
        if name in named
        else _of_column(subject.column(name), quantiles=quantiles)
        for name in subject.sensitive
    ]
    found = found if versus is None else _against_others(found, versus)
    for attribute in found:
        if len(np.unique(attribute.codes[attribute.codes >= 0])) < 2:
            message = (
                f"sensitive column '{attribute.name}' has one group only; there is nothing to be fair between"
            )
            raise DataError(message)
    return tuple(found)


def _against_others(attributes: list[Attribute], versus: str) -> list[Attribute]:
    """Return the attributes, those that have the value with two groups: the value and all others."""
    import numpy as np

    if not any(versus in attribute.labels for attribute in attributes):
        known = [label for attribute in attributes for label in attribute.labels]
        message = f"no sensitive column has the value '{versus}' of versus{nearest(versus, known)}"
        raise UsageError(message)
    return [
        Attribute(
            attribute.name,
            (versus, f"not {versus}"),
            np.where(attribute.codes < 0, -1, attribute.codes != attribute.labels.index(versus)).astype(
                np.int64
            ),
            expressions=_one_and_others(attribute, attribute.labels.index(versus)),
        )
        if versus in attribute.labels
        else attribute
        for attribute in attributes
    ]


def _one_and_others(attribute: Attribute, one: int) -> tuple[str, str]:
    """Return the expressions of one group, and of all the others."""
    others = [found for place, found in enumerate(attribute.expressions) if place != one]
    return attribute.expressions[one], " | ".join(f"({found})" for found in others)


def crossed(attributes: Sequence[Attribute]) -> Attribute:
    """Return the attribute of all combinations that occur; rows without a value of any attribute have code -1."""
    import numpy as np

    if len(attributes) == 1:
        return attributes[0]
    stacked = np.stack([attribute.codes for attribute in attributes])
    known = (stacked >= 0).all(axis=0)
    cells, inverse = np.unique(stacked[:, known], axis=1, return_inverse=True)
    codes = np.full(stacked.shape[1], -1, dtype=np.int64)
    codes[known] = inverse
    labels = tuple(
        " & ".join(f"{a.name}={a.labels[code]}" for a, code in zip(attributes, cell, strict=True))
        for cell in cells.T
    )
    found = tuple(
        " & ".join(f"({a.expressions[code]})" for a, code in zip(attributes, cell, strict=True))
        for cell in cells.T
    )
    name = " × ".join(attribute.name for attribute in attributes)
    return Attribute(name, labels, codes, crossed=True, expressions=found)


def _of_column(values: pd.Series[Any], *, quantiles: int) -> Attribute:
    import numpy as np
    import pandas as pd

    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if number and values.nunique() > MOST_VALUES:
        return _by_quantile(values, quantiles)
    codes, distinct = pd.factorize(values, sort=True)
    labels = tuple(label_text(label) for label in distinct.tolist())
    if len(labels) > MOST_VALUES * 5:
        message = (
            f"sensitive column '{values.name}' has {len(labels):,} distinct values; merge them into groups"
        )
        raise DataError(message)
    column = str(values.name)
    found = tuple(equals(column, value) for value in distinct.tolist())
    return Attribute(column, labels, codes.astype(np.int64), expressions=found)


def _by_quantile(values: pd.Series[Any], quantiles: int) -> Attribute:
    """Return a column of numbers cut at its quantiles; bins are [a, b), the last one closed."""
    import numpy as np

    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    edges = np.unique(np.nanquantile(numbers, np.linspace(0, 1, quantiles + 1)))
    codes = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, len(edges) - 2)
    ends = ["]" if i == len(edges) - 2 else ")" for i in range(len(edges) - 1)]
    labels = tuple(f"[{edges[i]:g}, {edges[i + 1]:g}{end}" for i, end in enumerate(ends))
    note = f"Sensitive column '{values.name}' is a number and was cut at its quantiles: {', '.join(labels)}."
    kept = np.where(np.isnan(numbers), -1, codes).astype(np.int64)
    return Attribute(str(values.name), labels, kept, note, expressions=_beyond(str(values.name), edges))


def _beyond(column: str, edges: NDArray[np.float64]) -> tuple[str, ...]:
    """Return the expression of each bin; the first has all that is smaller, too, and the last all that is larger."""
    inner = [number_text(edge) for edge in edges[1:-1].tolist()]
    from_ = [f"`{column}` >= {edge}" for edge in inner]
    below = [f"`{column}` < {edge}" for edge in inner]
    if not inner:
        return (f"`{column}`.notna()",)
    both = [f"({low}) & ({high})" for low, high in zip(from_[:-1], below[1:], strict=True)]
    return (below[0], *both, from_[-1])


def _examples(subject: Subject) -> str:
    names = [grouping.name for grouping in subject.groupings] or list(subject.features)
    return f", such as {', '.join(names[:3])}" if names else ""
