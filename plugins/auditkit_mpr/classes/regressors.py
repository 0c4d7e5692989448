"""MPR over any regressor: fit a~ by least squares and normalise the fit (Prop. 3).

Exact only if the fit is a global minimum over a class closed under scaling, as for linear functions. Trees and
networks are fitted heuristically and without such closure of every fit, so their value is a lower bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.population import Population


Regressor = Any
"""What scikit-learn calls a regressor: fit and predict. Its package carries no types."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Witness:
    """One function of the class whose means differ by `value`: its values on items [n] and reference [m]."""

    value: float
    items: Floats
    reference: Floats


def regression_witness(
    regressor: Regressor, items: NDArray[Any], reference: Population, retrieved: Floats
) -> Witness:
    """Return the fitted function of a~, scaled to F', and the gap it shows: a lower bound of MPR in [0, 1].

    `retrieved` is a [n], with entries in [0, 1] that sum to k. A regressor that predicts zero everywhere shows
    a gap of 0.
    """
    k = float(retrieved.sum())
    rows = np.concatenate([np.asarray(items, dtype=np.float64), np.asarray(reference.rows, dtype=np.float64)])
    weight = np.concatenate([np.ones(len(items)), reference.size * reference.shares])
    wanted = np.concatenate([retrieved / k, np.full(len(reference.rows), -1 / reference.size)])
    fitted = _fit_predict(regressor, rows, wanted, weight)
    length = float(np.sqrt(weight @ np.square(fitted)))
    if length <= np.finfo(np.float64).tiny:
        return Witness(value=0.0, items=np.zeros(len(items)), reference=np.zeros(len(reference.rows)))
    fitted = fitted * (np.sqrt(reference.size * k / (reference.size + k)) / length)
    return gap_of(fitted[: len(items)], fitted[len(items) :], reference, retrieved)


def sign_witness(
    make: Callable[[], Regressor], items: NDArray[Any], reference: Population, retrieved: Floats
) -> Witness:
    """Return the function with values -1 and +1 that separates best, by regression of a~ and of -a~ (eq. 5).

    inf sum (c - a~)^2 = n + m + a~'a~ - 2 sup sum c a~, so the best fit is the sign of a fitted function. The
    gap is |mean - mean| in [0, 2], not normalised; a lower bound.
    """
    found = []
    for side in (1.0, -1.0):
        k = float(retrieved.sum())
        rows = np.concatenate(
            [np.asarray(items, dtype=np.float64), np.asarray(reference.rows, dtype=np.float64)]
        )
        weight = np.concatenate([np.ones(len(items)), reference.size * reference.shares])
        wanted = side * np.concatenate([retrieved / k, np.full(len(reference.rows), -1 / reference.size)])
        signs = np.where(_fit_predict(make(), rows, wanted, weight) >= 0, 1.0, -1.0)
        found.append(gap_of(signs[: len(items)], signs[len(items) :], reference, retrieved))
    return max(found, key=lambda witness: witness.value)


def gap_of(items: Floats, reference_values: Floats, reference: Population, retrieved: Floats) -> Witness:
    """Return the witness with its gap |mean_R c - mean_C c|, turned so that the retrieved mean is higher."""
    gap = float(retrieved @ items / retrieved.sum() - reference.shares @ reference_values)
    side = -1.0 if gap < 0 else 1.0
    return Witness(value=abs(gap), items=side * items, reference=side * reference_values)


def regressor_named(name: str, *, seed: int = 0) -> Regressor:
    """Return `tree` (depth 3), `mlp` (one hidden layer of 64), `tree:5`, `mlp:32`, or any regressor of scikit-learn.

    Raises UsageError for an unknown name.
    """
    family, _, size = name.partition(":")
    number = _whole(size, name) if size else 0
    made: Regressor
    match family:
        case "tree":
            from sklearn.tree import DecisionTreeRegressor

            made = DecisionTreeRegressor(max_depth=number or 3, random_state=seed)
        case "mlp":
            from sklearn.neural_network import MLPRegressor

            made = MLPRegressor(hidden_layer_sizes=(number or 64,), random_state=seed, max_iter=200)
        case _:
            made = _by_class_name(name, seed)
    return made


def _by_class_name(name: str, seed: int) -> Regressor:
    from sklearn.utils import all_estimators

    known = dict(all_estimators(type_filter="regressor"))
    if name not in known:
        message = f"there is no class of functions '{name}'{nearest(name, ['linear', 'groups', 'tree', 'mlp', *known])}"
        raise UsageError(message)
    try:
        made = known[name]()
    except TypeError as error:
        message = f"regressor '{name}' cannot be made without arguments; choose another class"
        raise UsageError(message) from error
    if "random_state" in made.get_params():
        made.set_params(random_state=seed)
    chosen: Regressor = made
    return chosen


def _fit_predict(regressor: Regressor, rows: Floats, wanted: Floats, weight: Floats) -> Floats:
    """Fit a~ scaled to unit size: networks stop at once on targets of 1/m. Weighted only where rows differ."""
    import inspect
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    unit = float(np.abs(wanted).max())
    weighted = bool(np.ptp(weight) > 0)
    if weighted and "sample_weight" not in inspect.signature(regressor.fit).parameters:
        message = f"{type(regressor).__name__} takes no row weights; use a reference without weights or another class"
        raise UsageError(message)
    with warnings.catch_warnings():
        # An unfinished fit is still a valid lower bound.
        warnings.simplefilter("ignore", ConvergenceWarning)
        if weighted:
            regressor.fit(rows, wanted / unit, sample_weight=weight)
        else:
            regressor.fit(rows, wanted / unit)
    fitted: Floats = np.asarray(regressor.predict(rows), dtype=np.float64).reshape(len(rows)) * unit
    return fitted


def _whole(text: str, name: str) -> int:
    if not text.isdigit() or int(text) < 1:
        message = f"class '{name}': '{text}' is not a whole number above 0"
        raise UsageError(message)
    return int(text)
