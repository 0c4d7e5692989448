from functools import partial
from pathlib import Path

import fairlearn.metrics as fm
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as skm
from hypothesis import given, settings
from hypothesis import strategies as st

import auditkit
from auditkit.errors import UsageError
from auditkit.measures import (
    METRICS,
    available,
    condition_rows,
    count,
    difference,
    equalized_odds_difference,
    equalized_odds_ratio,
    metric_values,
    one_vs_rest,
    ratio,
)
from auditkit.measures.between.rates import rates_from_counts
from auditkit.measures.counting.design import design
from auditkit.measures.counting.values import class_values, many_values, proportion_counts

ORACLES = {
    "selection_rate": fm.selection_rate,
    "tpr": partial(fm.true_positive_rate, pos_label=1),
    "fpr": partial(fm.false_positive_rate, pos_label=1),
    "tnr": partial(fm.true_negative_rate, pos_label=1),
    "fnr": partial(fm.false_negative_rate, pos_label=1),
    "precision": partial(skm.precision_score, zero_division=np.nan),
    "accuracy": skm.accuracy_score,
    "error_rate": skm.zero_one_loss,
    "balanced_accuracy": skm.balanced_accuracy_score,
    "f1": skm.f1_score,
}


def oracle_frame(truth, predicted, codes, weights, *, names):
    return fm.MetricFrame(
        metrics={name: ORACLES[name] for name in names},
        y_true=truth,
        y_pred=predicted,
        sensitive_features=codes,
        sample_params={name: {"sample_weight": weights} for name in names},
    )


def random_rows(seed, *, groups=3, n=120):
    """Rows in which every group has every cell, so that Fairlearn's 0/0 = 0 does not come up."""
    rng = np.random.default_rng(seed)
    cells = np.array([(g, t, p) for g in range(groups) for t in (0, 1) for p in (0, 1)])
    drawn = np.concatenate([cells, cells[rng.integers(0, len(cells), n)]])
    return *drawn.T, rng.uniform(0.1, 5.0, len(drawn))


def check_against_fairlearn(codes, truth, predicted, weights, *, names=tuple(ORACLES)):
    frame = oracle_frame(truth, predicted, codes, weights, names=names)
    groups = codes.max() + 1
    found = count(codes, truth, predicted, n_groups=groups, n_classes=2, weights=weights)
    for name in names:
        np.testing.assert_allclose(
            metric_values(found.table, name), frame.by_group[name].to_numpy(float), rtol=1e-9, err_msg=name
        )
    for name in (name for name in names if METRICS[name].proportion):
        rates = rates_from_counts(*proportion_counts(found.table, name))
        assert difference(rates).value == pytest.approx(frame.difference()[name], rel=1e-9)
        assert ratio(rates).value == pytest.approx(frame.ratio()[name], rel=1e-9)
    given = {"sensitive_features": codes, "sample_weight": weights}
    selection, tpr, fpr = (
        rates_from_counts(*proportion_counts(found.table, name)) for name in ("selection_rate", "tpr", "fpr")
    )
    close = partial(pytest.approx, rel=1e-9)
    assert difference(selection).value == close(fm.demographic_parity_difference(truth, predicted, **given))
    assert ratio(selection).value == close(fm.demographic_parity_ratio(truth, predicted, **given))
    assert difference(tpr).value == close(fm.equal_opportunity_difference(truth, predicted, **given))
    assert ratio(tpr).value == close(fm.equal_opportunity_ratio(truth, predicted, **given))
    for agg in ("worst_case", "mean"):
        wide = fm.equalized_odds_difference(truth, predicted, agg=agg, **given)
        steep = fm.equalized_odds_ratio(truth, predicted, agg=agg, **given)
        assert equalized_odds_difference(tpr, fpr, agg=agg).value == close(wide)
        assert equalized_odds_ratio(tpr, fpr, agg=agg).value == close(steep)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_point_values_equal_fairlearns(seed, weighted):
    codes, truth, predicted, weights = random_rows(seed)
    check_against_fairlearn(codes, truth, predicted, weights if weighted else np.ones(len(codes)))


def test_point_values_on_adult_equal_fairlearns():
    adult = pd.read_parquet(Path(auditkit.__file__).parent / "data" / "bundled" / "adult.parquet").iloc[::4]
    codes = np.unique(adult["race"].astype(str), return_inverse=True)[1].astype(np.int64)
    truth = (adult["income"].astype(str).str.strip() == ">50K").to_numpy().astype(np.int64)
    predicted = (adult["education-num"] + (adult["age"] > 35) * 3 > 13).to_numpy().astype(np.int64)
    names = ("selection_rate", "tpr", "f1")
    check_against_fairlearn(codes, truth, predicted, adult["fnlwgt"].to_numpy(float), names=names)


def test_a_base_rate_is_the_share_of_positive_labels():
    codes, truth, predicted, weights = random_rows(3)
    found = metric_values(
        count(codes, truth, predicted, n_groups=3, n_classes=2, weights=weights).table, "base_rate"
    )
    for group in range(3):
        mine = codes == group
        assert found[group] == pytest.approx(np.average(truth[mine], weights=weights[mine]))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 5))
def test_metrics_of_several_classes_equal_scikit_learns(seed, k):
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(k), rng.integers(0, k, 60)])
    predicted = np.concatenate([np.arange(k), rng.integers(0, k, 60)])
    weights = rng.uniform(0.1, 3, len(truth))
    codes = np.zeros(len(truth), dtype=np.int64)
    table = count(codes, truth, predicted, n_groups=1, n_classes=k, weights=weights).table
    close = partial(pytest.approx, rel=1e-9)
    assert metric_values(table, "accuracy")[0] == close(
        skm.accuracy_score(truth, predicted, sample_weight=weights)
    )
    assert metric_values(table, "balanced_accuracy")[0] == close(
        skm.balanced_accuracy_score(truth, predicted, sample_weight=weights)
    )
    assert metric_values(table, "macro_f1")[0] == close(
        skm.f1_score(truth, predicted, average="macro", sample_weight=weights)
    )
    recall = skm.recall_score(truth, predicted, average=None, sample_weight=weights)
    np.testing.assert_allclose(class_values(table, "tpr")[:, 0], recall)
    for positive in range(k):
        mine = metric_values(one_vs_rest(table, positive), "fpr")[0]
        assert mine == close(fm.false_positive_rate(truth == positive, predicted == positive, weights, True))


def test_one_class_against_the_rest_keeps_every_row():
    tables = np.arange(2 * 16).reshape(2, 4, 4)
    for positive in range(4):
        small = one_vs_rest(tables, positive)
        assert small.shape == (2, 2, 2)
        np.testing.assert_array_equal(small.sum((1, 2)), tables.sum((1, 2)))
        np.testing.assert_array_equal(small[:, 1].sum(-1), tables[:, positive].sum(-1))


def test_metrics_of_many_draws_equal_those_of_each():
    draws = np.random.default_rng(0).integers(0, 3, (5, 4, 2, 2))
    together = many_values(draws, available(2))
    for i, name in enumerate(available(2)):
        for draw in range(5):
            for group in range(4):
                alone = metric_values(draws[draw, group][None], name)[0]
                np.testing.assert_equal(together[i, draw, group], alone)


@pytest.mark.parametrize("name", available(2))
def test_a_group_without_rows_has_no_value_and_no_effective_rows(name):
    codes = np.array([0, 0])
    found = count(codes, np.array([0, 1]), np.array([0, 1]), n_groups=2, n_classes=2)
    assert np.isnan(metric_values(found.table, name)[1])
    assert condition_rows(found, name)[1] == 0
    if METRICS[name].proportion:
        worth = design(found, name)
        assert (worth.x[1], worth.n[1]) == (0.0, 0.0)


def test_a_rate_without_condition_rows_is_not_a_number_rather_than_zero():
    table = np.array([[[3, 1], [0, 0]]])
    assert np.isnan(metric_values(table, "tpr")[0])
    assert np.isnan(metric_values(table, "balanced_accuracy")[0])
    assert metric_values(table, "fpr")[0] == 0.25
    assert metric_values(table, "precision")[0] == 0.0


def test_the_rows_behind_a_mean_over_classes_are_those_of_its_smallest_class():
    truth = np.array([0, 0, 0, 1, 2, 2])
    found = count(np.zeros(6, dtype=np.int64), truth, truth, n_groups=1, n_classes=3)
    assert condition_rows(found, "balanced_accuracy").tolist() == [1]


def test_binary_metrics_are_not_offered_for_three_classes():
    assert available(3) == ("accuracy", "error_rate", "balanced_accuracy", "macro_f1")
    assert "macro_f1" not in available(2)
    with pytest.raises(UsageError, match="one class against the rest"):
        metric_values(np.ones((1, 3, 3)), "tpr")


def test_an_unknown_metric_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'precision'"):
        metric_values(np.ones((1, 2, 2)), "precison")
