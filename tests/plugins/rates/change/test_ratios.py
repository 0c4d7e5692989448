"""Changes of what is taken over other rows before than after: against a count by rows, a bootstrap, and chance."""

import numpy as np
import pytest
from plugins.rates.change.differed import differed, one, paired

from auditkit.measures import (
    count_pairs,
    dependent_change,
    measure,
    metric_values,
    p_value,
    ratio_correlation,
)
from auditkit_rates.change.metrics import CHANGES, NOT_COMPARED, RATIOS
from auditkit_rates.metrics.reported import METRICS

BY_ROWS = {
    "precision": (lambda y, p: y * p, lambda y, p: p),
    "npv": (lambda y, p: (1 - y) * (1 - p), lambda y, p: 1 - p),
    "fdr": (lambda y, p: (1 - y) * p, lambda y, p: p),
    "for": (lambda y, p: y * (1 - p), lambda y, p: 1 - p),
    "f1": (lambda y, p: 2 * y * p, lambda y, p: y + p),
}


def by_rows(metric, frame, column, weight):
    top, bottom = (
        sum(w * part(y, p) for y, p, w in zip(frame.y, frame[column], weight, strict=True))
        for part in BY_ROWS[metric]
    )
    return top / bottom


def test_every_ratio_has_its_count_by_rows():
    assert set(BY_ROWS) == set(RATIOS)


@pytest.mark.parametrize("metric", RATIOS)
@pytest.mark.parametrize("weight", [None, "w"])
def test_a_change_is_what_counting_row_by_row_gives(metric, weight):
    frame = paired()
    found, _ = differed(frame, metrics=(metric,), weight=weight)
    for group in ("", "g=a", "g=b", "g=c"):
        mine = frame[frame.g == group[2:]] if group else frame
        w = mine.w if weight else np.ones(len(mine))
        before, after = by_rows(metric, mine, "q", w), by_rows(metric, mine, "p", w)
        change = one(found, metric, group)
        assert change.value == pytest.approx(after - before)
        assert (change.details["before"], change.details["after"]) == (
            pytest.approx(before),
            pytest.approx(after),
        )
        assert change.interval.low < change.value < change.interval.high


def pairs_of(frame, codes=None, n_groups=1, weights=None):
    codes = np.zeros(len(frame), dtype=np.int64) if codes is None else codes
    predicted = (frame.q.to_numpy(), frame.p.to_numpy())
    return count_pairs(codes, frame.y.to_numpy(), predicted, n_groups=n_groups, n_classes=2, weights=weights)


@pytest.mark.parametrize("metric", RATIOS)
def test_the_interval_is_that_of_a_bootstrap_of_the_rows(metric):
    frame = paired(n=1500, flips=0.15)
    found, _ = differed(frame, metrics=(metric,))
    change = one(found, metric, "")
    pairs = pairs_of(frame)
    shares = (pairs.counts[0] / pairs.counts.sum()).ravel()
    drawn = np.random.default_rng(0).multinomial(len(frame), shares, 20_000).reshape(-1, 2, 2, 2)
    moved = metric_values(drawn.sum(axis=2), metric) - metric_values(drawn.sum(axis=3), metric)
    low, high = np.quantile(moved, [0.025, 0.975])
    width = high - low
    assert change.interval.low == pytest.approx(low, abs=0.06 * width)
    assert change.interval.high == pytest.approx(high, abs=0.06 * width)


@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize("metric", RATIOS)
def test_the_correlation_is_that_of_what_single_rows_move(metric, weights):
    frame = paired(n=400)
    w = frame.w.to_numpy() if weights else np.ones(len(frame))
    moves = []
    for column in ("q", "p"):
        value, y, p = by_rows(metric, frame, column, w), frame.y, frame[column]
        top, bottom = (part(y, p) for part in BY_ROWS[metric])
        moves.append((w * (top - value * bottom) / (w * bottom).sum()).to_numpy())
    plain = (moves[0] @ moves[1]) / np.sqrt((moves[0] @ moves[0]) * (moves[1] @ moves[1]))
    (found,) = ratio_correlation(pairs_of(frame, weights=w), metric)
    assert plain - 0.02 < found < plain  # half of one more changed row is taken off


@pytest.mark.parametrize("metric", ["precision", "f1"])
@pytest.mark.parametrize(
    ("n", "base", "turned", "weights"),
    [(60, 0.4, 0.3, False), (500, 0.4, 0.3, True), (400, 0.05, 0.3, False)],
)
def test_without_a_true_change_no_more_is_claimed_than_the_level_allows(metric, n, base, turned, weights):
    rng, repeats = np.random.default_rng(5), 300
    y = rng.random(repeats * n) < base
    chance = np.where(y, 0.7, base / 3)
    q, again = (rng.random(len(y)) < chance for _ in range(2))
    p = np.where(rng.random(len(y)) < turned, again, q)
    w = rng.gamma(1.0, size=len(y)) if weights else None
    codes, predicted = np.repeat(np.arange(repeats), n), (q.astype(int), p.astype(int))
    pairs = count_pairs(codes, y.astype(int), predicted, n_groups=repeats, n_classes=2, weights=w)
    before, after = measure(pairs.before, metric), measure(pairs.after, metric)
    correlation, claims = ratio_correlation(pairs, metric), 0
    for i in np.flatnonzero(~np.isnan(before.value) & ~np.isnan(after.value)):
        old, new = (before.value[i], before.interval(i)), (after.value[i], after.interval(i))
        interval = dependent_change(old, new, correlation=float(correlation[i]), confidence=0.95)
        claims += interval.low > 0 or interval.high < 0
    assert claims <= 28


def test_a_true_fall_is_found():
    frame = paired(n=4000, flips=0.0)
    rng = np.random.default_rng(1)
    frame["p"] = np.where(rng.random(len(frame)) < 0.06 * (1 - frame.y), 1, frame.q)
    change = one(differed(frame, metrics=("precision",))[0], "precision", "")
    assert change.interval.high < 0
    assert p_value(change.value, change.interval, 0.0, "below") < 1e-6


@pytest.mark.parametrize("metric", RATIOS)
def test_where_no_row_changed_nothing_did_but_that_is_no_proof_to_the_last_digit(metric):
    frame = paired()
    frame["p"] = frame.q
    change = one(differed(frame, metrics=(metric,))[0], metric, "g=a")
    assert change.value == 0.0
    assert -0.05 < change.interval.low < 0.0 < change.interval.high < 0.05


@pytest.mark.parametrize("metric", RATIOS)
def test_turned_around_in_time_it_is_its_opposite(metric):
    frame = paired()
    there = one(differed(frame, metrics=(metric,))[0], metric, "g=b")
    back = one(differed(frame.rename(columns={"p": "q", "q": "p"}), metrics=(metric,))[0], metric, "g=b")
    assert back.value == pytest.approx(-there.value)
    assert (back.interval.low, back.interval.high) == pytest.approx(
        (-there.interval.high, -there.interval.low)
    )


def test_rows_that_belong_together_have_a_reason_in_place_of_a_number():
    frame = paired()
    frame["who"] = np.arange(len(frame)) // 3
    change = one(differed(frame, metrics=("precision", "tpr"), cluster="who")[0], "precision", "g=a")
    assert change.value is None
    assert change.reason.startswith("not compared where rows belong together")


def test_too_few_predicted_on_either_side_have_a_reason():
    frame = paired()
    frame["q"] = 0
    change = one(differed(frame, metrics=("precision",))[0], "precision", "")
    assert change.reason == "insufficient evidence: 0 predicted positives, 30 needed"


@pytest.mark.parametrize("metric", ["auc", "calibration_error", "balanced_accuracy", "rmse"])
def test_what_is_not_compared_says_why(metric):
    with pytest.raises(Exception, match=f"diff has no metric '{metric}': "):
        differed(paired(), metrics=(metric,))


def test_every_metric_of_a_table_is_compared_or_has_a_reason():
    assert {name for name, metric in METRICS.items() if "absolute" in metric.compares} <= {
        *CHANGES,
        *NOT_COMPARED,
    }
    assert not set(CHANGES) & set(NOT_COMPARED)
