"""What a step is lent stays as it was: the steps after it read the same table, groups and predictions."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit.running.handed.contract import fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from auditkit.values.predictions import Predictions
    from auditkit.values.subject import Subject


@contextmanager
def lent(subject: Subject, *, who: str) -> Iterator[None]:
    """Lend a subject to the block; raise PluginError, beginning with `who`, where the block changed its table."""
    before = as_it_is(subject).table
    seal(subject)
    yield
    if not _same(before, subject.table):
        fault(who, "it changed the table that it was lent; work on a copy, subject.table.copy()")


def as_it_is(subject: Subject) -> Subject:
    """Return the subject with a table of its own, which shares the memory of the cells that nobody changes."""
    return replace(subject, table=subject.table.copy(deep=False))


def seal(subject: Subject) -> None:
    """Have NumPy refuse to write into what belongs to the rows besides the table."""
    _seal(subject.embeddings, *(grouping.codes for grouping in subject.groupings))
    for group in subject.groups:
        _seal(group.mask, group.seen)


def seal_predictions(predictions: Predictions) -> None:
    """Have NumPy refuse to write into predictions, which all steps share."""
    _seal(predictions.pred, predictions.codes, predictions.score, predictions.loss)


def _seal(*arrays: Any) -> None:
    for array in arrays:
        if isinstance(array, np.ndarray):
            array.setflags(write=False)


def _same(before: pd.DataFrame, after: pd.DataFrame) -> bool:
    """Return whether two tables are one: names, rows' numbers, types and every cell."""
    return (
        before.columns.equals(after.columns)
        and before.index.equals(after.index)
        and list(before.dtypes) == list(after.dtypes)
        and before.equals(after)
    )
