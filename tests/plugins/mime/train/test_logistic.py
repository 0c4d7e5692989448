"""Newton's method against scikit-learn, two classes and several."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from auditkit.testing import make_context
from auditkit_mime.design.inputs import Examples
from auditkit_mime.design.trials import ModelRows
from auditkit_mime.train.logistic import fit, fit_logistic


@pytest.mark.parametrize("noise", [1.0, 1e-9])
def test_a_fit_is_scikit_learns(noise):
    r = np.random.default_rng(0)
    x = np.concatenate([r.normal(size=(300, 5)), r.random((300, 9)) < 0.2], axis=1)
    positive = x @ r.normal(size=14) + noise * r.normal(size=300) > 0
    beta = fit(np.concatenate([x, np.ones((300, 1))], axis=1), positive)
    twin = LogisticRegression(C=1, tol=1e-10, max_iter=100_000).fit(x, positive)
    assert beta == pytest.approx([*twin.coef_[0], *twin.intercept_], abs=1e-4)


@pytest.mark.parametrize("classes", [2, 4])
def test_a_sweep_predicts_as_one_model_after_another_does(classes):
    r = np.random.default_rng(1)
    x = r.normal(size=(400, 6)).astype(np.float32)
    y = np.clip(np.floor(x[:, 0] + 0.3 * r.normal(size=400) + classes / 2), 0, classes - 1).astype(np.int64)
    rows = ModelRows(
        (1, 2),
        r.integers(400, size=(2, 120)),
        r.integers(400, size=(2, 2, 5)),
        r.integers(400, size=(2, 2, 50)),
    )
    found = fit_logistic(Examples(x, y, classes, classes - 1 if classes == 2 else 0), rows, make_context())
    for m in range(2):
        train, test = rows.train[m], rows.test[m]
        models = [
            LogisticRegression(C=1, tol=1e-10, max_iter=100_000).fit(x[train], y[train] == label)
            for label in range(classes)
        ]
        scores = np.stack([model.decision_function(x[test.ravel()]) for model in models], axis=1)
        assert (found.right[m].ravel() == (scores.argmax(axis=1) == y[test.ravel()])).all()
        row = models[-1 if classes == 2 else 0]
        line = x[test.ravel()] @ row.coef_[0]
        assert found.projected[m].ravel() == pytest.approx(line, abs=1e-3)
