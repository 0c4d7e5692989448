import numpy as np
import pytest
from plugins.shasam.small import leaky_rows
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import check_estimator

from auditkit import DataError, UsageError
from auditkit_shasam.classifier import ShasamClassifier


@pytest.mark.slow
def test_it_follows_scikit_learns_contract():
    check_estimator(ShasamClassifier(epochs=5), on_skip=None)


def test_groups_given_to_fit_are_forgotten_and_the_same_seed_repeats():
    rows = leaky_rows(600)
    x, y, s = rows.inputs.numpy(), rows.cells.target, rows.cells.sensitive
    model = ShasamClassifier(k=4, epochs=3)
    first = clone(model).fit(x, y, sensitive_features=s).predict_proba(x)
    np.testing.assert_array_equal(first, clone(model).fit(x, y, sensitive_features=s).predict_proba(x))
    plain = clone(model).fit(x, y).predict_proba(x)
    assert np.abs(first - plain).max() > 0.01
    named = np.where(s == 1, "Male", "Female")
    np.testing.assert_array_equal(clone(model).fit(x, y, sensitive_features=named).predict_proba(x), first)


def test_it_can_be_cross_validated():
    rows = leaky_rows(200)
    scores = cross_val_score(ShasamClassifier(epochs=2), rows.inputs.numpy(), rows.cells.target, cv=2)
    assert scores.min() > 0.6


def test_a_cell_without_k_rows_is_named():
    rows = leaky_rows(60)
    with pytest.raises(DataError, match="no target class and sensitive group have 30"):
        ShasamClassifier(k=30).fit(
            rows.inputs.numpy(), rows.cells.target, sensitive_features=rows.cells.sensitive
        )


@pytest.mark.parametrize("sensitive", [True, False])
@pytest.mark.parametrize("name", ["loss", "form", "mining", "balance"])
def test_an_unknown_name_is_refused_and_trains_nothing_else(name, sensitive):
    rows = leaky_rows(60)
    groups = rows.cells.sensitive if sensitive else None
    with pytest.raises(UsageError, match=f"{name} cannot be 'smoth'"):
        ShasamClassifier(k=2, **{name: "smoth"}).fit(
            rows.inputs.numpy(), rows.cells.target, sensitive_features=groups
        )
