"""The baseline's scores where only some rows may be learned from: cross-fitted on those, and of one fit elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import DataError
from auditkit.predict.columns import encode_with, fit_columns
from auditkit.predict.logistic import fit_logistic, probability

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

FOLDS = 5


def learned_scores(subject: Subject, rows: NDArray[np.intp], *, seed: int) -> NDArray[np.float64]:
    """Return each row's probability of the counted class, float64 [n], by logistic regression (L2, C = 1).

    It is learned from `rows` alone: any other row is scored by the fit on all of them, each of them by a fit on the
    other four fifths, so that no score is of a row that its fit saw. It reads the embeddings, if there are any, else
    the features without the sensitive columns. Raises DataError where no feature is of use, or where the rows have
    fewer than two of a class.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits

    matrix = _matrix(subject, rows)
    positive = subject.truth[rows] == 1
    if min(positive.sum(), (~positive).sum()) < 2:
        message = f"the rows to learn from have fewer than 2 of a class of target '{subject.target}'"
        raise DataError(message)
    fold = np.empty(len(rows), dtype=np.int64)
    shuffled = np.random.default_rng(seed).permutation(len(rows))
    fold[shuffled[np.argsort(positive[shuffled], kind="stable")]] = np.arange(len(rows)) % FOLDS
    with threadpool_limits(limits=1, user_api="blas"):
        beta = fit_logistic(matrix[rows], positive)
        score = probability(beta[0] + matrix @ beta[1:])
        for number in range(FOLDS):
            held = fold == number
            beta = fit_logistic(matrix[rows[~held]], positive[~held])
            score[rows[held]] = probability(beta[0] + matrix[rows[held]] @ beta[1:])
    return score


def _matrix(subject: Subject, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return what is learned from, float64 [n, d], scaled over the rows to learn from."""
    import numpy as np

    if subject.embeddings is not None:
        vectors = np.asarray(subject.embeddings, dtype=np.float64)
        scale = vectors[rows].std(axis=0)
        scaled: NDArray[np.float64] = (vectors - vectors[rows].mean(axis=0)) / np.where(scale > 0, scale, 1.0)
        return scaled
    names = tuple(name for name in subject.features if name not in subject.sensitive)
    if not names:
        message = f"{subject.source} has no feature to learn from; name some with --features, or scores with --score"
        raise DataError(message)
    return encode_with(subject.table, fit_columns(subject, rows, names=names)).astype(np.float64)
