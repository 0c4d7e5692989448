"""Logistic regression for two classes by Newton's method: six small steps where n is far above d.

Written out because importing scikit-learn takes longer than all five fits on 48,842 rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_STEPS = 100
TOLERANCE = 1e-10
"""Newton's decrement, in units of the objective, below which the fit is done."""


def fit_logistic(
    matrix: NDArray[np.float64], positive: NDArray[np.bool_], *, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return [intercept, slopes], float64 [1 + d], that minimise sum w log(1 + exp(-s m)) + |slopes|^2 / 2.

    `matrix` is [n, d], `positive` bool [n] with both values, `weights` w [n] not negative, 1 by default; m is the
    linear predictor and s is +1 or -1.
    The objective is strictly convex but for the intercept, so that halved Newton steps always end.
    """
    import numpy as np

    n, d = matrix.shape
    design = np.empty((n, d + 1))
    design[:, 0], design[:, 1:] = 1.0, matrix
    penalty = np.ones(d + 1)
    penalty[0] = 0.0
    w = np.ones(n) if weights is None else weights
    beta = np.zeros(d + 1)
    beta[0] = np.log(w[positive].sum() / w[~positive].sum())
    linear = design @ beta
    value = _objective(linear, positive, beta, penalty, w)
    for _ in range(MAX_STEPS):
        chance = probability(linear)
        gradient = design.T @ (w * (chance - positive)) + penalty * beta
        # A row predicted with certainty has weight 0; the floor keeps the intercept's row regular.
        weight = np.maximum(w * chance * (1 - chance), 1e-12)
        hessian = design.T @ (design * weight[:, None]) + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        decrement = float(gradient @ step)
        if decrement <= TOLERANCE * (1 + value):
            return beta - step  # the last step squares what error is left
        change, size = design @ step, 1.0
        while size > 1e-8:
            trial = _objective(linear - size * change, positive, beta - size * step, penalty, w)
            if trial <= value - 0.25 * size * decrement:
                break
            size /= 2
        beta, linear, value = beta - size * step, linear - size * change, trial
    return beta


def probability(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 / (1 + exp(-linear)) without overflow."""
    import numpy as np

    small = np.exp(-np.abs(linear))
    above: NDArray[np.bool_] = linear >= 0
    return np.asarray(np.where(above, 1.0, small) / (1 + small), dtype=np.float64)


def _objective(
    linear: NDArray[np.float64],
    positive: NDArray[np.bool_],
    beta: NDArray[np.float64],
    penalty: NDArray[np.float64],
    w: NDArray[np.float64],
) -> float:
    import numpy as np

    loss = np.maximum(linear, 0) + np.log1p(np.exp(-np.abs(linear))) - np.where(positive, linear, 0.0)
    return float(w @ loss + 0.5 * (penalty * beta) @ beta)
