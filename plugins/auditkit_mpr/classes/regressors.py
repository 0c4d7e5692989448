"""MPR over any regressor: fit a~ by least squares and normalise the fit (Prop. 3).

Exact only if the fit is a global minimum over a class closed under scaling, as for linear functions. Trees and
networks are fitted heuristically and without such closure of every fit, so their value is a lower bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from auditkit import UsageError, nearest
from auditkit_mpr.exact.cells import cells_of

if TYPE_CHECKING:
    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.population import Population


Regressor = Any
"""What scikit-learn calls a regressor: fit and predict. Its package carries no types."""
Function = Callable[[NDArray[Any]], "Floats"]
"""One function of the class: rows [p, l] to values [p]."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Witness:
    """One function of the class whose means differ by `value`: its values on items [n] and reference [m]."""

    value: float
    items: Floats
    reference: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Sample:
    """What a regressor is fitted to: rows [p, l], a~ [p] and the weight of each row [p]."""

    rows: Floats
    wanted: Floats
    weight: Floats


def sample_of(items: NDArray[Any], reference: Population, retrieved: Floats) -> Sample:
    """Return items above reference with a~; `retrieved` is a [n], with entries in [0, 1] that sum to k."""
    wanted = [retrieved / float(retrieved.sum()), np.full(len(reference.rows), -1 / reference.size)]
    return Sample(
        rows=stacked(items, reference), wanted=np.concatenate(wanted), weight=row_weights(items, reference)
    )


def regression_function(regressor: Regressor, sample: Sample) -> Function:
    """Return the regressor's fit of a~ as a function of rows [p, l], in no particular scale."""
    return _fitted(regressor, _distinct(sample) if takes_weights(regressor) else sample)


def sign_function(make: Callable[[], Regressor], sample: Sample) -> Function:
    """Return the function with values -1 and +1 that separates best, by regression of a~ and of -a~ (eq. 5).

    inf sum (c - a~)^2 = n + m + a~'a~ - 2 sup sum c a~, so the best fit is the sign of a fitted function. It is turned
    so that the retrieved mean is higher.
    """
    found = []
    for side in (1.0, -1.0):
        fitted = regression_function(make(), replace(sample, wanted=side * sample.wanted))
        gap = float(sample.weight * sample.wanted @ _signs(fitted(sample.rows)))
        found.append((abs(gap), -1.0 if gap < 0 else 1.0, fitted))
    _, turn, best = max(found, key=lambda one: one[0])
    return lambda rows: turn * _signs(best(rows))


def witness_of(
    function: Function, items: NDArray[Any], reference: Population, retrieved: Floats, *, signs: bool = False
) -> Witness:
    """Return a function in the scale of F', or of `signs` as it is, with the gap it shows: a lower bound of MPR.

    `retrieved` is a [n], with entries in [0, 1] that sum to k. The gap is in [0, 1], of signs in [0, 2]; a function
    that is zero everywhere shows a gap of 0.
    """
    values = function(stacked(items, reference))
    if not signs:
        values = values * scale_of(values, items, reference, float(retrieved.sum()))
    return gap_of(values[: len(items)], values[len(items) :], reference, retrieved)


def scale_of(values: Floats, items: NDArray[Any], reference: Population, k: float) -> float:
    """Return the factor that brings values [n + m] of a function to F': squares sum to mk / (m + k); 0 for zeros."""
    length = float(np.sqrt(row_weights(items, reference) @ np.square(values)))
    if length <= np.finfo(np.float64).tiny:
        return 0.0
    return float(np.sqrt(reference.size * k / (reference.size + k)) / length)


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

            made = MLPRegressor(
                hidden_layer_sizes=(number or 64,), solver="lbfgs", random_state=seed, max_iter=200
            )
        case _:
            made = _by_class_name(name, seed)
    return made


def _by_class_name(name: str, seed: int) -> Regressor:
    known = _of_scikit_learn()
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


@cache
def _of_scikit_learn() -> dict[str, Any]:
    """Return the regressors by their class's name; to list them imports all of the package."""
    from sklearn.utils import all_estimators

    return dict(all_estimators(type_filter="regressor"))


def takes_weights(regressor: Regressor) -> bool:
    """Whether a regressor's fit takes a weight for every row."""
    import inspect

    return "sample_weight" in inspect.signature(regressor.fit).parameters


def _fitted(regressor: Regressor, sample: Sample) -> Function:
    """Fit a~ scaled to unit size: networks stop at once on targets of 1/m. Weighted only where rows differ.

    Columns are standardised, so that units change nothing.
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    rows, wanted, weight = sample.rows, sample.wanted, sample.weight
    weighted = bool(np.ptp(weight) > 0)
    if weighted and not takes_weights(regressor):
        message = f"{type(regressor).__name__} takes no row weights; use a reference without weights or another class"
        raise UsageError(message)
    unit = float(np.abs(wanted).max())
    centred = getattr(regressor, "fit_intercept", True)  # without a constant, centring would add one
    middle = np.average(rows, axis=0, weights=weight)
    spread = np.sqrt(np.average(np.square(rows - middle), axis=0, weights=weight))
    spread[spread <= np.finfo(np.float64).tiny] = 1.0
    middle = middle if centred else np.zeros_like(middle)
    rows = (rows - middle) / spread
    with warnings.catch_warnings():
        # An unfinished fit is still a valid lower bound.
        warnings.simplefilter("ignore", ConvergenceWarning)
        if weighted:
            regressor.fit(rows, wanted / unit, sample_weight=weight)
        else:
            regressor.fit(rows, wanted / unit)

    def function(rows: NDArray[Any]) -> Floats:
        standard = (np.asarray(rows, dtype=np.float64) - middle) / spread
        fitted: Floats = np.asarray(regressor.predict(standard), dtype=np.float64).reshape(len(rows)) * unit
        return fitted

    return function


def _distinct(sample: Sample) -> Sample:
    """Return distinct rows [c, l], their mean a~ and their weight, where that is at most half of the rows.

    Least squares cannot tell the difference, and fits are many times faster.
    """
    cells = cells_of(sample.rows, most=len(sample.rows) // 2)
    if cells is None:
        return sample
    total = np.bincount(cells.which, weights=sample.weight)
    kept = total > 0
    mean = np.bincount(cells.which, weights=sample.weight * sample.wanted)[kept] / total[kept]
    return Sample(
        rows=cells.rows[kept], wanted=mean.astype(np.float64), weight=total[kept].astype(np.float64)
    )


def holds_linear(name: str) -> bool:
    """Whether the class of a name contains every linear function: networks, and linear models of scikit-learn."""
    if name.partition(":")[0] == "mlp":
        return True
    return name in _of_scikit_learn() and ".linear_model" in str(_of_scikit_learn()[name].__module__)


def stacked(items: NDArray[Any], reference: Population) -> Floats:
    """Return the rows of items and reference one above the other, float64 [n + m, l]."""
    return np.concatenate([np.asarray(rows, dtype=np.float64) for rows in (items, reference.rows)])


def row_weights(items: NDArray[Any], reference: Population) -> Floats:
    """Return the weight of every row [n + m]: 1 of items, of the reference on average 1."""
    return np.concatenate([np.ones(len(items)), reference.size * reference.shares])


def _signs(values: Floats) -> Floats:
    return np.where(values >= 0, 1.0, -1.0)


def _whole(text: str, name: str) -> int:
    if not text.isdigit() or int(text) < 1:
        message = f"class '{name}': '{text}' is not a whole number above 0"
        raise UsageError(message)
    return int(text)
