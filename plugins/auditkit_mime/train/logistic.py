"""Logistic regression of all models of a sweep by Newton's method, classes one against the rest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mime.train.outcome import Outcome, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_mime.design.inputs import Examples
    from auditkit_mime.design.trials import ModelRows

    Floats = NDArray[np.float64]

MAX_STEPS, TOLERANCE = 100, 1e-9
"""Most Newton steps, and the Newton decrement per unit of the objective at which a fit is done."""


def fit(matrix: Floats, positive: NDArray[np.bool_]) -> Floats:
    """Return [slopes, intercept], float64 [d + 1], that minimise sum log(1 + exp(-s m)) + |slopes|^2 / 2.

    `matrix` is [n, d + 1] with a last column of ones, `positive` bool [n] with both values, s is +1 or -1 and m the
    linear predictor: scikit-learn's LogisticRegression at C = 1. Steps are halved until the objective falls, which
    for a convex objective ends.
    """
    sign = np.where(positive, 1.0, -1.0)
    penalty = np.append(np.ones(matrix.shape[1] - 1), 0.0)
    beta, margin = np.zeros(matrix.shape[1]), np.zeros(len(matrix))
    value = len(matrix) * np.log(2.0)
    for _ in range(MAX_STEPS):
        miss = 1 / (1 + np.exp(np.minimum(margin, 700.0)))  # probability given to the wrong class
        gradient = penalty * beta - matrix.T @ (sign * miss)
        root = np.sqrt(np.maximum(miss * (1 - miss), 1e-12))
        scaled = matrix * root[:, None]
        hessian = scaled.T @ scaled + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        decrement = float(gradient @ step)
        if decrement <= TOLERANCE * (1 + value):
            return np.asarray(beta - step)
        change, size = sign * (matrix @ step), 1.0
        while size > 1e-8:
            moved = margin - size * change
            trial = _objective(moved, beta - size * step, penalty)
            if trial <= value - 0.25 * size * decrement:
                break
            size /= 2
        beta, margin, value = beta - size * step, moved, trial
    return beta


def _objective(margin: Floats, beta: Floats, penalty: Floats) -> float:
    loss = np.maximum(-margin, 0) + np.log1p(np.exp(-np.abs(margin)))
    return float(loss.sum() + 0.5 * (penalty * beta) @ beta)


def fit_logistic(examples: Examples, rows: ModelRows, context: Context) -> Outcome:
    """Return the outcome of all models; they are convex, so there is no epoch to choose and no start that matters."""
    classes, n_classes = examples.classes, examples.n_classes
    matrix = np.concatenate([examples.inputs.astype(np.float64), np.ones((len(classes), 1))], axis=1)
    labels = range(n_classes) if n_classes > 2 else (1,)
    one = partial(_outcome, matrix, classes, tuple(labels), examples.project_on if n_classes > 2 else 0)
    models = [(rows.train[i], rows.test[i]) for i in range(len(rows))]
    return joined(context.map(one, models, "mime: models"))


def _outcome(
    matrix: Floats,
    classes: NDArray[np.int64],
    labels: tuple[int, ...],
    row: int,
    model: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Outcome:
    """Return what one model, fitted on its train rows, says of its test rows, projected on the weights of a row."""
    train, test = model
    betas = np.stack([fit(matrix[train], classes[train] == label) for label in labels])
    scores = matrix[test] @ betas.T
    said = scores.argmax(axis=2) if len(labels) > 1 else scores[..., 0] > 0
    projected = (scores[..., row] - betas[row, -1]).astype(np.float32)
    return Outcome((said == classes[test])[None], projected[None], np.zeros(1, dtype=np.int64))
