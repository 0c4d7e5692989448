from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from auditkit.measures import (
    METRICS,
    CountMetric,
    bootstrap_metrics,
    bound_at,
    condition_rows,
    count,
    measure,
    measure_gap,
    metric_values,
)
from auditkit.measures.counting.metrics import IntervalRule
from auditkit.measures.exact.difference import difference_interval
from auditkit.measures.exact.proportion import proportion_interval
from auditkit.measures.intervals.bootstrap import resample
from auditkit.measures.intervals.by_rule import RULES


def central(draws):
    return np.quantile(draws, [0.025, 0.975], axis=0)


def confusions(seed=0, n=4000, k=2, groups=3, weights=None):
    rng = np.random.default_rng(seed)
    codes, truth = rng.integers(0, groups, n), rng.integers(0, k, n)
    predicted = np.where(rng.random(n) < 0.75, truth, rng.integers(0, k, n))
    heavy = rng.gamma(2, size=n) if weights else None
    return count(codes, truth, predicted, n_groups=groups, n_classes=k, weights=heavy)


def test_a_rate_has_the_interval_of_its_counts_and_a_gap_that_of_both_sides():
    found = confusions()
    rest = found.rest()
    own, gap = measure(found, "tpr"), measure_gap(found, rest, name="tpr")
    for group in range(3):
        (_, _), (fn, tp) = found.counts[group]
        (_, _), (rest_fn, rest_tp) = rest.counts[group]
        interval = own.interval(group)
        assert interval.basis == (tp, fn + tp)
        assert (interval.low, interval.high) == pytest.approx(
            [float(end) for end in proportion_interval(tp, fn + tp)]
        )
        assert gap.interval(group).basis == (tp, fn + tp, rest_tp, rest_fn + rest_tp)
        expected = difference_interval(tp, fn + tp, rest_tp, rest_fn + rest_tp)
        assert (gap.low[group], gap.high[group]) == pytest.approx([float(end) for end in expected])
        assert gap.value[group] == pytest.approx(tp / (fn + tp) - rest_tp / (rest_fn + rest_tp))


@pytest.mark.parametrize("name", ["f1", "balanced_accuracy"])
def test_intervals_of_other_metrics_agree_with_the_bootstrap_where_rows_are_many(name):
    found = confusions()
    draws = bootstrap_metrics(found.table, (name,), np.random.default_rng(1), 4000)[name]
    own = measure(found, name)
    np.testing.assert_allclose([own.low, own.high], central(draws), atol=0.005)
    drawn = resample(found.table, np.random.default_rng(1), draws=4000)
    rest = drawn.sum(axis=1, keepdims=True) - drawn
    gaps = metric_values(drawn, name) - metric_values(rest, name)
    gap = measure_gap(found, found.rest(), name=name)
    np.testing.assert_allclose([gap.low, gap.high], central(gaps), atol=0.006)


def test_a_macro_f1s_interval_is_at_least_as_wide_as_the_bootstraps():
    found = confusions(k=4)
    draws = bootstrap_metrics(found.table, ("macro_f1",), np.random.default_rng(1), 4000)["macro_f1"]
    low, high = central(draws)
    own = measure(found, "macro_f1")
    assert (own.low < low).all()
    assert (own.high > high).all()
    assert (own.high - own.low < 3 * (high - low)).all()


@pytest.mark.parametrize("name", ["accuracy", "f1", "balanced_accuracy"])
def test_a_perfect_small_group_is_not_certain(name):
    found = count(np.zeros(20, dtype=np.int64), np.arange(20) % 2, np.arange(20) % 2, n_groups=1, n_classes=2)
    own = measure(found, name)
    assert own.value[0] == own.high[0] == 1.0
    assert 0.5 < own.low[0] < 0.95


def test_weights_widen_an_interval_to_their_effective_rows():
    weighted, plain = confusions(weights=True), confusions()
    assert (weighted.effective < plain.effective).all()
    wide, narrow = measure(weighted, "accuracy"), measure(plain, "accuracy")
    assert (wide.high - wide.low > 1.1 * (narrow.high - narrow.low)).all()
    np.testing.assert_allclose(wide.basis[:, 0] / wide.basis[:, 1], metric_values(weighted.table, "accuracy"))


def test_what_cannot_be_measured_has_no_number_anywhere():
    found = count(
        np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]), n_groups=2, n_classes=2
    )
    assert condition_rows(found, "tpr").tolist() == [0, 1]
    for part in (measure(found, "tpr"), measure_gap(found, found.rest(), name="tpr")):
        assert np.isnan([part.value[0], part.low[0], part.high[0]]).all()
    gap = measure_gap(found, found.rest(), name="balanced_accuracy")
    assert np.isnan(gap.value).all()


def test_an_interval_of_a_finding_can_be_moved():
    own = measure(confusions(), "tpr")
    moved = [bound_at(float(own.value[1]), own.interval(1), 0.005, side) for side in ("above", "below")]
    again = measure(confusions(), "tpr", confidence=0.99)
    assert moved == pytest.approx((again.low[1], again.high[1]))


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_twin_of_a_metric_under_another_name_has_the_same_interval(name):
    found = confusions()
    twin = replace(METRICS[name], name="twin")
    for own, other in (
        (measure(found, name), measure(found, twin)),
        (measure_gap(found, found.rest(), name=name), measure_gap(found, found.rest(), name=twin)),
    ):
        np.testing.assert_array_equal([own.value, own.low, own.high], [other.value, other.low, other.high])
        assert own.interval(0) == other.interval(0)


def test_a_metric_without_a_rule_for_its_interval_cannot_be_declared():
    with pytest.raises(TypeError, match="interval"):
        CountMetric("twice_tp", "tp tp", "tp fn", "actual positives")
    with pytest.raises(ValueError, match="'twice' cannot have an interval by the rule 'proportion'"):
        CountMetric("twice", "tp tp", "tp tp fn", "actual positives", "proportion")
    with pytest.raises(ValueError, match="'new' cannot have an interval by the rule 'newest'"):
        CountMetric("new", "tp", "tp fn", "actual positives", "newest")
    with pytest.raises(ValueError, match="'mean' cannot have an interval by the rule 'mean_of_classes'"):
        CountMetric("mean", "", "", "rows of every class", "mean_of_classes")


def test_every_rule_that_a_metric_may_name_has_a_function():
    assert set(RULES) == set(get_args(IntervalRule))
