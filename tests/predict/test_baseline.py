"""A baseline whose every row is unseen by the fit that predicts it."""

import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from predict.made import made
from sklearn.linear_model import LogisticRegression, Ridge

from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.subjects import load
from auditkit.errors import DataError
from auditkit.predict.baseline import _folds, cross_fit, predictions
from auditkit.predict.encoding import encode
from auditkit.predict.logistic import fit_logistic, probability
from auditkit.spec.data import DataSpec
from auditkit.values.subject import Subject


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-50, 50), st.floats(-1e3, 1e3), st.booleans()), min_size=2, max_size=25
    ).filter(lambda rows: len({row[2] for row in rows}) == 2)
)
def test_the_newton_fit_is_at_the_minimum_of_its_objective(rows):
    matrix = np.array([row[:2] for row in rows])
    positive = np.array([row[2] for row in rows])

    def slow(beta):
        total = (beta[1] ** 2 + beta[2] ** 2) / 2
        for (_, _, yes), m in zip(rows, beta[0] + matrix @ beta[1:], strict=True):
            margin = m if yes else -m
            total += math.log1p(math.exp(-abs(margin))) + max(-margin, 0)
        return total

    beta = fit_logistic(matrix, positive)
    lowest = slow(beta)
    for step in np.random.default_rng(0).normal(size=(20, 3)):
        for size in (1e-4, 1e-2, 1):
            assert slow(beta + size * step) >= lowest - 1e-7 * (1 + lowest)


def test_the_newton_fit_agrees_with_scikit_learn():
    subject = made(400)
    matrix = encode(subject).matrix
    positive = (subject.table["y"] == "yes").to_numpy()
    beta = fit_logistic(matrix, positive)
    peer = LogisticRegression(tol=1e-10, max_iter=10_000).fit(matrix, positive)
    np.testing.assert_allclose(beta, [*peer.intercept_, *peer.coef_[0]], atol=1e-5)
    slope = np.column_stack((np.ones(400), matrix)).T @ (probability(beta[0] + matrix @ beta[1:]) - positive)
    np.testing.assert_allclose(slope + np.concatenate(([0], beta[1:])), 0, atol=1e-9)


def test_the_newton_fit_survives_classes_that_can_be_told_apart_perfectly():
    matrix = np.array([[-1e3], [-1.0], [1.0], [1e3]])
    chance = probability(
        fit_logistic(matrix, np.array([False, False, True, True])) @ np.vstack([np.ones(4), matrix.T])
    )
    assert (np.round(chance) == [0, 0, 1, 1]).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-1, 3), min_size=2, max_size=60), st.integers(2, 5), st.integers(0, 9))
def test_folds_are_even_in_all_rows_and_in_each_class(strata, folds, seed):
    strata = np.array(strata)
    folds = min(folds, len(strata))
    fold = _folds(strata, folds=folds, seed=seed)
    for rows in (np.ones(len(strata), dtype=bool), *(strata == stratum for stratum in set(strata.tolist()))):
        sizes = np.bincount(fold[rows], minlength=folds)
        assert sizes.max() - sizes.min() <= 1


def test_the_baseline_is_scikit_learns_fit_on_the_other_folds():
    subject = made()
    said = cross_fit(subject, seed=3)
    matrix = encode(subject).matrix
    codes = (subject.table["y"] == "yes").astype(int).to_numpy()
    fold = _folds(codes, folds=5, seed=3)
    expected = np.empty((200, 2))
    for number in range(5):
        peer = LogisticRegression(tol=1e-10, max_iter=10_000).fit(
            matrix[fold != number], codes[fold != number]
        )
        expected[fold == number] = peer.predict_proba(matrix[fold == number])
    np.testing.assert_allclose(said.score, expected, atol=1e-5)
    np.testing.assert_allclose(said.loss, -np.log(expected[np.arange(200), codes]), atol=1e-4)
    assert said.pred.tolist() == ["yes" if p > 0.5 else "no" for p in expected[:, 1]]
    assert (said.loss_name, said.baseline) == ("log_loss", True)


def test_a_rows_own_outcome_does_not_move_its_prediction():
    subject = made(classes=("no", "yes"))
    said = cross_fit(subject, seed=0)
    row = 7
    other = subject.table.copy()
    other.loc[row, "y"] = None
    again = cross_fit(replace(subject, table=other), seed=0)
    assert np.isnan(again.loss[row])
    assert np.isfinite(np.delete(again.loss, row)).all()
    assert np.isfinite(said.loss).all()
    assert np.isfinite(again.score).all()


def test_the_baseline_depends_on_the_seed_only():
    subject = made()
    first, again, other = (cross_fit(subject, seed=seed) for seed in (1, 1, 2))
    assert (first.score == again.score).all()
    assert (first.score != other.score).any()


def test_the_baseline_leaves_sensitive_columns_out_and_says_so():
    subject = made()
    named = replace(subject, features=("x", "c", "sex"), sensitive=("sex", "age"))
    said = cross_fit(named, seed=0)
    assert said.source == (
        "no predictions given: a logistic regression was fitted (cross-fitted, 5 folds, without sex, age); this audits "
        "the data, not your model"
    )
    assert (said.score == cross_fit(subject, seed=0).score).all()
    with pytest.raises(DataError, match="no feature for a baseline; name predictions with --pred"):
        cross_fit(replace(named, sensitive=("x", "c", "sex")), seed=0)


def test_several_classes_get_a_probability_each_in_the_subjects_order():
    subject = made(300, classes=("a", "b", "c"))
    said = predictions(subject, seed=0)
    assert said.score.shape == (300, 3)
    np.testing.assert_allclose(said.score.sum(axis=1), 1)
    assert set(said.pred) <= {"a", "b", "c"}
    assert (said.pred == subject.table["y"].to_numpy()).mean() > 0.5
    positions = [subject.classes.index(label) for label in subject.table["y"]]
    np.testing.assert_allclose(said.loss, -np.log(said.score[np.arange(300), positions]))


def test_a_number_is_predicted_by_ridge_regression():
    subject = made()
    table = subject.table.assign(y=subject.table["x"] * 3 + np.random.default_rng(1).normal(size=200))
    subject = replace(subject, table=table, outcome=None)
    said = predictions(subject, seed=4)
    matrix, fold = encode(subject).matrix, _folds(np.zeros(200, dtype=int), folds=5, seed=4)
    for number in range(5):
        peer = Ridge(alpha=1).fit(matrix[fold != number], table["y"][fold != number])
        np.testing.assert_allclose(said.pred[fold == number], peer.predict(matrix[fold == number]))
    np.testing.assert_allclose(said.loss, (table["y"] - said.pred) ** 2)
    assert (said.score, said.loss_name, said.baseline) == (None, "squared_error", True)
    assert "ridge regression was fitted (cross-fitted, 5 folds)" in said.source


@pytest.mark.parametrize("few", [2, 3, 4])
def test_a_class_with_fewer_rows_than_folds_is_still_learnt(few):
    table = pd.DataFrame({"x": np.arange(40.0), "y": [0] * (40 - few) + [1] * few})
    said = cross_fit(Subject(table=table, target="y", features=("x",)), seed=0)
    assert np.isfinite(said.loss).all()
    assert said.score[-1, 1] > said.score[0, 1]


def test_a_class_of_one_row_is_a_data_error():
    table = pd.DataFrame({"x": range(9), "y": [0] * 8 + [1]})
    with pytest.raises(DataError, match=r"class '1' of target 'y' has 1 row; .*at least 2"):
        cross_fit(Subject(table=table, target="y", features=("x",)), seed=0)


def test_three_rows_suffice_where_each_class_has_two():
    table = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [0, 1, 0, 1]})
    said = cross_fit(Subject(table=table, target="y", features=("x",)), seed=0)
    assert "4 folds" in said.source


def test_the_adult_baseline_is_as_good_as_it_should_be_within_five_seconds():
    adult = load(DataSpec(path="adult"), datasets=BUNDLED, folder=Path())
    started = time.process_time()
    said = predictions(adult, seed=0)
    assert time.process_time() - started < 5
    assert 0.84 < (said.pred == adult.table["income"].to_numpy()).mean() < 0.86
    assert said.source.endswith(
        "5 folds, without sex, race, age, native-country); this audits the data, not your model"
    )


def test_the_adult_baseline_needs_no_scikit_learn():
    import subprocess
    import sys

    program = (
        "import sys; from pathlib import Path\n"
        "from auditkit.data.subjects import load; from auditkit.spec.data import DataSpec\n"
        "from auditkit.data.bundled.sets import BUNDLED; from auditkit.predict.baseline import predictions\n"
        "predictions(load(DataSpec(path='german_credit'), datasets=BUNDLED, folder=Path()), seed=0)\n"
        "print('sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
