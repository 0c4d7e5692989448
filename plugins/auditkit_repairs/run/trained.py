"""The built-in model trained on some rows: what it reads, and the mean of its fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from auditkit import DataError, encode_with, fit_columns, fit_logistic
from auditkit_repairs.linear.model import LinearModel
from auditkit_repairs.run.prepare import features_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from auditkit import EncodedColumn, Subject
    from auditkit_repairs.run.prepare import Prepared


@dataclass(frozen=True, eq=False, kw_only=True)
class ReadRows:
    """What a model reads of every row, float64 [n, d], and from which columns, if from a table."""

    matrix: NDArray[np.float64]
    columns: tuple[EncodedColumn, ...] = ()


def read_rows(
    subject: Subject, learn: NDArray[np.intp], *, vectors: NDArray[np.float64] | None = None
) -> ReadRows:
    """Return the rows as the model reads them: as vectors [n, d] if given, else embeddings, else columns of the table.

    Raises DataError for vectors that are not finite.
    """
    given = subject.embeddings if vectors is None else vectors
    if given is not None:
        matrix = np.asarray(given, dtype=np.float64)
        if not np.isfinite(matrix).all():
            message = f"the vector of row {int((~np.isfinite(matrix)).any(axis=1).argmax())} is not finite"
            raise DataError(message)
        return ReadRows(matrix=matrix)
    names = features_of(subject)
    if not names:
        message = f"{subject.source} has no feature to learn from; name some with --features"
        raise DataError(message)
    columns = fit_columns(subject, learn, names=names)
    return ReadRows(matrix=encode_with(subject.table, columns).astype(np.float64), columns=columns)


def trained(
    subject: Subject,
    rows: ReadRows,
    fits: Iterable[tuple[NDArray[np.intp], NDArray[np.float64] | None]],
    prepared: Prepared,
) -> LinearModel:
    """Return the mean of the fits, each on some rows with their weights, if any.

    Vectors are scaled to mean 0 and standard deviation 1 over the learned rows; columns are scaled as they are read.
    """
    d = rows.matrix.shape[1]
    centre, scale = np.zeros(d), np.ones(d)
    if not rows.columns:
        seen = rows.matrix[prepared.learn]
        centre, scale = seen.mean(axis=0), seen.std(axis=0)
        scale[scale == 0] = 1.0
    betas = []
    with threadpool_limits(limits=1, user_api="blas"):
        for chosen, weights in fits:
            kept = chosen if weights is None else chosen[weights > 0]
            positive = prepared.target[kept] == 1
            if positive.all() or not positive.any():
                message = f"the rows to learn from have one class of '{subject.target}' only"
                raise DataError(message)
            heavy = None if weights is None else weights[weights > 0]
            betas.append(fit_logistic((rows.matrix[kept] - centre) / scale, positive, weights=heavy))
    first, second = subject.classes
    return LinearModel(
        beta=np.mean(betas, axis=0), classes=(first, second), columns=rows.columns, centre=centre, scale=scale
    )
