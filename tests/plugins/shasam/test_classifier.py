from dataclasses import fields

import numpy as np
import pytest
from plugins.shasam.small import leaky_rows
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import check_estimator

from auditkit import DataError, UsageError, devices_here
from auditkit_shasam.classifier import ShasamClassifier
from auditkit_shasam.params import ShasamParams
from auditkit_shasam.training import settings_of


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


@pytest.mark.parametrize(
    "options",
    [
        {"anchors": "fl"},
        {"mine_positives": "logdet"},
        {"mine_negatives": "semihard:2"},
        {"mining": "shasam", "selection": "log_determinant"},
        {"loss": "supcon", "batches": "natural", "temperature": 0.2},
        {"epochs": 4, "patience": 1, "device": "cpu"},
    ],
)
def test_every_option_of_the_repair_is_one_of_the_classifier(options):
    rows = leaky_rows(200)
    x, y, s = rows.inputs.numpy(), rows.cells.target, rows.cells.sensitive
    model = ShasamClassifier(**{"k": 2, "epochs": 1, "device": "cpu"} | options).fit(
        x, y, sensitive_features=s
    )
    trained = settings_of(ShasamParams(**{"k": 2, "epochs": 1, "device": "cpu"} | options))
    assert model._settings(plain=False) == trained
    assert np.isfinite(model.predict_proba(x)).all()
    if "patience" not in options:
        plain = ShasamClassifier(k=2, epochs=1, device="cpu").fit(x, y, sensitive_features=s)
        assert np.abs(plain.predict_proba(x) - model.predict_proba(x)).max() > 1e-6
    assert clone(model).fit(x, y).predict(x).shape == y.shape  # without groups: plain cross-entropy


def test_its_options_are_those_of_the_repair_that_are_about_training():
    of_the_repair = {
        field.name: field.default
        for field in fields(ShasamParams)
        if field.name not in {
            "encoder_weights", "image_size", "runs", "target_pair", "versus", "quantiles", "held_out", "imbalance",
            "compare", "save_model",
        }
    }  # fmt: skip
    given = ShasamClassifier().get_params()
    assert set(given) == {*of_the_repair, "random_state"}
    differ = {name for name, default in of_the_repair.items() if given[name] != default}
    assert differ == {"encoder"}  # numbers only: always the mlp


def test_a_device_that_is_not_here_is_refused():
    rows = leaky_rows(60)
    absent = next(name for name in ("cuda", "mps") if name not in devices_here())  # no machine has both
    with pytest.raises(UsageError, match=f"device '{absent}' cannot be used here"):
        ShasamClassifier(k=2, device=absent).fit(rows.inputs.numpy(), rows.cells.target)


@pytest.mark.parametrize("sensitive", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        "loss",
        "form",
        "mining",
        "selection",
        "anchors",
        "mine_positives",
        "mine_negatives",
        "batches",
        "balance",
    ],
)
def test_an_unknown_name_is_refused_and_trains_nothing_else(name, sensitive):
    rows = leaky_rows(60)
    groups = rows.cells.sensitive if sensitive else None
    with pytest.raises(UsageError, match=f"{name} cannot be 'smoth'"):
        ShasamClassifier(k=2, **{name: "smoth"}).fit(
            rows.inputs.numpy(), rows.cells.target, sensitive_features=groups
        )
