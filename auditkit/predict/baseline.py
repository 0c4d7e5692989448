"""What is predicted for each row: by the subject's own columns, its model, or a cross-fitted baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import DataError
from auditkit.predict.encoding import encode
from auditkit.predict.given import from_columns, from_model, log_loss
from auditkit.predict.leaks.told import leaks
from auditkit.predict.logistic import fit_logistic, probability
from auditkit.values.labels import class_array
from auditkit.values.predictions import Predictions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

FEWEST_ROWS = 2
"""Rows a class needs, so that one is left to learn from when the other is predicted."""
WIDEST_NEWTON = 400
"""Newton's method solves a d x d system per step: past this many columns L-BFGS is faster."""


def predictions(subject: Subject, *, seed: int) -> Predictions:
    """Return what is predicted for each row, aligned with the table: labels [n], scores [n, k], loss [n].

    Columns named by pred and score come first, then the model, then a cross-fitted baseline. The loss is the
    log loss where there are probabilities, else zero-one; for a target that is a number, the squared error.
    """
    if subject.pred is not None or subject.score is not None:
        return from_columns(subject)
    if subject.model is not None:
        return from_model(subject)
    return cross_fit(subject, seed=seed)


def cross_fit(subject: Subject, *, seed: int, folds: int = 5) -> Predictions:
    """Return predictions of a linear model for each row, made by a fit that did not see the row.

    Logistic regression (multinomial for several classes; L2, C = 1) or, for a number, ridge regression
    (penalty 1) on the encoded features; sensitive columns are left out. Folds are stratified by class and
    depend on the seed only. A class with fewer rows than folds is absent from some test folds, but from no
    training fold. Columns are scaled over all rows, which uses no outcome. Weights are not used. Rows without
    an outcome are predicted, not learnt from, and have loss NaN.
    Raises DataError for a class of one row, or if no feature is of use.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits

    subject.need_target()
    features = learnt_from(subject)
    if not features:
        message = f"{subject.source} has no feature for a baseline; name predictions with --pred or --score"
        raise DataError(message)
    matrix = np.ascontiguousarray(encode(subject, features=features).matrix)
    fit = _cross_fit_number if subject.task == "regression" else _cross_fit_classes
    # One BLAS thread: the same digits on any number of cores, and many times faster where cores are shared.
    with threadpool_limits(limits=1, user_api="blas"):
        return fit(subject, matrix, seed=seed, folds=folds)


def learnt_from(subject: Subject) -> list[str]:
    """Return the features that a stand-in model reads, and any step that trains one: not the sensitive columns."""
    return [name for name in subject.features if name not in subject.sensitive]


def _cross_fit_classes(
    subject: Subject, matrix: NDArray[np.float64], *, seed: int, folds: int
) -> Predictions:
    """Return the predictions of logistic regression on the matrix [n, d]."""
    codes = subject.truth
    _need_rows_per_class(subject, codes)
    fold = _folds(codes, folds=min(folds, int((codes >= 0).sum())), seed=seed)
    score = _logistic_out_of_fold(matrix, codes, fold, k=len(subject.classes))
    likeliest = score.argmax(axis=1)
    return Predictions(
        pred=class_array(subject.classes)[likeliest],
        codes=likeliest,
        score=score,
        loss=log_loss(codes, score),
        loss_name="log_loss",
        source=_source(subject, "logistic", fold),
        baseline=True,
        warning=leaks(subject, learnt_from(subject), predicted=score),
    )


def _cross_fit_number(subject: Subject, matrix: NDArray[np.float64], *, seed: int, folds: int) -> Predictions:
    """Return the predictions of ridge regression on the matrix [n, d]."""
    import numpy as np

    values = subject.column(subject.need_target()).to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(values)
    fold = _folds(np.where(known, 0, -1), folds=folds, seed=seed)
    pred = _ridge_out_of_fold(matrix, values, known, fold)
    return Predictions(
        pred=pred,
        score=None,
        loss=(values - pred) ** 2,
        loss_name="squared_error",
        source=_source(subject, "ridge", fold),
        baseline=True,
        warning=leaks(subject, learnt_from(subject), predicted=pred),
    )


def _source(subject: Subject, kind: str, fold: NDArray[np.int64]) -> str:
    """Return in words that the predictions are of a stand-in model, and of which."""
    without = f", without {', '.join(subject.sensitive)}" if subject.sensitive else ""
    return (
        f"no predictions given: a {kind} regression was fitted (cross-fitted, {int(fold.max()) + 1} folds{without}); "
        "this audits the data, not your model"
    )


def _need_rows_per_class(subject: Subject, codes: NDArray[np.int64]) -> None:
    """Raise DataError for a class with too few rows to learn it from."""
    import numpy as np

    counts = np.bincount(codes[codes >= 0], minlength=len(subject.classes))
    if counts.min() < FEWEST_ROWS:
        label = subject.classes[int(counts.argmin())]
        message = (
            f"class '{label}' of target '{subject.target}' has 1 row; a cross-fitted baseline needs at least "
            f"{FEWEST_ROWS} of each class: merge it, leave it out, or name predictions with --pred or --score"
        )
        raise DataError(message)


def _folds(strata: NDArray[np.int64], *, folds: int, seed: int) -> NDArray[np.int64]:
    """Return each row's fold, int64 [n]: fold sizes differ by at most 1 in all rows and in each stratum."""
    import numpy as np

    shuffled = np.random.default_rng(seed).permutation(len(strata))
    dealt = shuffled[np.argsort(strata[shuffled], kind="stable")]
    fold = np.empty(len(strata), dtype=np.int64)
    fold[dealt] = np.arange(len(strata)) % folds
    return fold


def _logistic_out_of_fold(
    matrix: NDArray[np.float64], codes: NDArray[np.int64], fold: NDArray[np.int64], *, k: int
) -> NDArray[np.float64]:
    """Return each row's class probabilities [n, k], from a fit on the other folds."""
    import numpy as np

    newton = k == 2 and matrix.shape[1] <= WIDEST_NEWTON
    score = np.empty((len(codes), k))
    for number in range(int(fold.max()) + 1):
        test = fold == number
        train = ~test & (codes >= 0)
        fitted = _two_classes if newton else _several_classes
        score[test] = fitted(matrix[train], codes[train], matrix[test])
    return score


def _two_classes(
    seen: NDArray[np.float64], codes: NDArray[np.int64], unseen: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probabilities of class 0 and 1 for unseen rows [m, 2]."""
    import numpy as np

    beta = fit_logistic(seen, codes == 1)
    positive = probability(beta[0] + unseen @ beta[1:])
    return np.column_stack((1 - positive, positive))


def _several_classes(
    seen: NDArray[np.float64], codes: NDArray[np.int64], unseen: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probabilities of classes 0, 1, ... for unseen rows [m, k]; for wide matrices too."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(solver="lbfgs", max_iter=1000).fit(seen, codes)
    return np.asarray(model.predict_proba(unseen), dtype=np.float64)


def _ridge_out_of_fold(
    matrix: NDArray[np.float64],
    values: NDArray[np.float64],
    known: NDArray[np.bool_],
    fold: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return each row's number [n] by intercept plus argmin |y - Xb|^2 + |b|^2 over the other folds."""
    import numpy as np

    pred = np.empty(len(values))
    for number in range(int(fold.max()) + 1):
        test = fold == number
        train = ~test & known
        centre, level = matrix[train].mean(axis=0), values[train].mean()
        x, y = matrix[train] - centre, values[train] - level
        slopes = np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ y)
        pred[test] = (matrix[test] - centre) @ slopes + level
    return pred
