"""scikit-learn's classifiers by name, fitted one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import UsageError, nearest
from auditkit_mime.train.outcome import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mime.design.trials import ModelRows


def estimator_of(name: str, seed: int) -> Any:
    """Return the classifier of this name with default settings and the trial's seed; raise UsageError if unknown."""
    from sklearn.utils import all_estimators

    known = dict(all_estimators(type_filter="classifier"))
    if name not in known:
        ours = ("mlp", "logistic", "resnet34")
        message = f"there is no model '{name}'{nearest(name, [*known, *ours])}"
        raise UsageError(f"{message} (mlp, logistic, resnet34, module:factory, or a scikit-learn classifier)")
    try:
        made = known[name]()
    except TypeError as error:
        message = f"model '{name}' cannot be made without arguments: {error}"
        raise UsageError(message) from error
    return made.set_params(random_state=seed) if "random_state" in made.get_params() else made


def fit_estimator(
    name: str, inputs: NDArray[np.float32], classes: NDArray[np.int64], rows: ModelRows, *, project_on: int
) -> Outcome:
    """Return the outcome of one model. Where it has a decision function of two classes, that is its projection."""
    import warnings

    model = estimator_of(name, rows.seeds[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a default setting warns of is the same for every share
        model.fit(inputs[rows.train[0]], classes[rows.train[0]])
    tested = inputs[rows.test[0].ravel()]
    right = (model.predict(tested) == classes[rows.test[0].ravel()]).reshape(rows.test.shape)
    projected = np.full(rows.test.shape, np.nan, dtype=np.float32)
    if hasattr(model, "decision_function"):
        found = np.asarray(model.decision_function(tested))
        line = found if found.ndim == 1 else found[:, project_on]
        projected = line.reshape(rows.test.shape).astype(np.float32)
    return Outcome(right, projected, np.zeros(1, dtype=np.int64))
