"""scikit-learn's classifiers by name, fitted one after another."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import UsageError
from auditkit_mime.train.outcome import Outcome

if TYPE_CHECKING:
    from auditkit_mime.design.inputs import Examples
    from auditkit_mime.design.trials import ModelRows


ROOMS = (
    "linear_model", "ensemble", "tree", "naive_bayes", "neighbors", "svm", "neural_network", "discriminant_analysis",
    "dummy", "calibration", "gaussian_process", "semi_supervised", "multiclass", "multioutput", "model_selection",
)  # fmt: skip
"""Where scikit-learn keeps its classifiers: those first that the others import anyway."""


def classifiers() -> dict[str, Any]:
    """Return scikit-learn's classifiers by name; all of it is imported for that, which takes seconds."""
    from sklearn.utils import all_estimators

    return dict(all_estimators(type_filter="classifier"))


def classifier(name: str) -> Any:
    """Return scikit-learn's classifier of this name, or None; of scikit-learn little more than its room is imported."""
    from importlib import import_module
    from inspect import isabstract, isclass

    from sklearn.base import BaseEstimator, ClassifierMixin

    for room in ROOMS:
        found = getattr(import_module(f"sklearn.{room}"), name, None)
        if isclass(found) and issubclass(found, BaseEstimator) and issubclass(found, ClassifierMixin):
            return None if isabstract(found) else found
    return None


def estimator_of(name: str, seed: int) -> Any:
    """Return the classifier of this name with default settings and the trial's seed; UsageError if it needs more."""
    kind = classifier(name)
    if kind is None:
        message = f"scikit-learn has no classifier '{name}'"
        raise UsageError(message)
    try:
        made = kind()
    except TypeError as error:
        message = f"model '{name}' cannot be made without arguments: {error}"
        raise UsageError(message) from error
    return made.set_params(random_state=seed) if "random_state" in made.get_params() else made


def fit_estimator(name: str, examples: Examples, rows: ModelRows) -> Outcome:
    """Return the outcome of one model. Where it has a decision function of two classes, that is its projection."""
    inputs, classes = examples.inputs, examples.classes
    model = estimator_of(name, rows.seeds[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a default setting warns of is the same for every share
        model.fit(inputs[rows.train[0]], classes[rows.train[0]])
    tested = inputs[rows.test[0].ravel()]
    right = (model.predict(tested) == classes[rows.test[0].ravel()]).reshape(rows.test.shape)
    projected = np.full(rows.test.shape, np.nan, dtype=np.float32)
    if hasattr(model, "decision_function"):
        found = np.asarray(model.decision_function(tested))
        line = found if found.ndim == 1 else found[:, examples.project_on]
        projected = line.reshape(rows.test.shape).astype(np.float32)
    return Outcome(right, projected, np.zeros(1, dtype=np.int64))
