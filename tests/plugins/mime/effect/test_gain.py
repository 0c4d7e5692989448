"""The test of the gain against a plain loop, and its error rates under no effect."""

from itertools import product

import numpy as np
import pytest

from auditkit_mime.effect.gain import band, gain
from auditkit_mime.effect.shared import shared_variance


def found(accuracy, **changes):
    options = {
        "step": 1e-9,
        "shared": np.float64(0),
        "confidence": 0.95,
        "rng": np.random.default_rng(0),
    } | changes
    return gain(np.asarray(accuracy, dtype=float), **options)


def test_ten_trials_are_flipped_in_every_way_as_in_a_plain_loop():
    accuracy = np.random.default_rng(1).normal(0.8, 0.02, (10, 4)) + np.array([0, 0.01, 0.02, 0])
    seen = found(accuracy)
    difference = accuracy[:, 1:] - accuracy[:, :1]
    largest = []
    for signs in product((1, -1), repeat=10):
        flipped = difference * np.array(signs)[:, None]
        t = [column.mean() / (column.std(ddof=1) / np.sqrt(10)) for column in flipped.T]
        largest.append(max(t))
    assert seen.p_value == pytest.approx(np.mean(np.array(largest) >= largest[0] - 1e-9))
    best = int(difference.mean(axis=0).argmax())
    assert seen.best == best + 1
    assert seen.value == pytest.approx(difference[:, best].mean())


def test_the_interval_is_that_of_the_largest_gain_and_starts_at_zero_where_nothing_is_shown():
    clear = np.array([[0.7, 0.75 + 0.001 * i, 0.72] for i in range(5)])
    seen = found(clear)
    assert seen.shown
    assert 0 < seen.low < seen.value < seen.high
    assert seen.best == 1
    nothing = found(clear[:, ::-1] * [1, 0.9, 0.9])
    assert (nothing.value, nothing.low, nothing.best, nothing.shown) == (0, 0, 0, False)


def test_another_base_gives_the_gain_over_that_share():
    accuracy = np.random.default_rng(2).normal(0.8, 0.02, (6, 3))
    swapped = found(accuracy[:, [2, 0, 1]])
    based = found(accuracy, base=2)
    assert (based.value, based.low, based.high, based.p_value) == pytest.approx(
        (swapped.value, swapped.low, swapped.high, swapped.p_value)
    )
    assert based.best in {0, 1, 2}


def test_trials_that_agree_to_the_last_row_still_have_the_error_of_counting_rows():
    same = np.tile([0.80, 0.81], (5, 1))
    assert found(same, step=1 / 100).low < 0.01 == pytest.approx(found(same, step=1 / 100).value)


def test_trials_that_share_test_rows_tell_less():
    accuracy = np.random.default_rng(3).normal(0.8, 0.01, (8, 3)) + np.array([0, 0.03, 0.02])
    apart, shared = found(accuracy), found(accuracy, shared=np.array([1e-5, 2e-5]))
    assert shared.low < apart.low
    assert shared.high > apart.high
    assert shared.p_value >= apart.p_value


def test_what_shared_rows_add_is_the_sum_over_pairs_of_trials_on_the_same_row():
    r = np.random.default_rng(5)
    values, rows = r.normal(size=(3, 2, 8)), np.array([r.choice(12, size=8, replace=False) for _ in range(3)])
    rows[:, 4:] += 100  # two classes of four rows each
    expected = np.zeros(2)
    off = values - np.repeat(values.reshape(3, 2, 2, 4).mean(axis=3), 4, axis=2)
    for t, u in product(range(3), repeat=2):
        for i, j in product(range(8), repeat=2):
            if t != u and rows[t, i] == rows[u, j]:
                expected += off[t, :, i] * off[u, :, j] / (3 * 8) ** 2
    assert shared_variance(values, rows, strata=2) == pytest.approx(np.maximum(expected, 0))
    alone = np.arange(24).reshape(3, 8)
    assert shared_variance(values, alone, strata=2) == pytest.approx([0, 0], abs=1e-12)


def test_the_spread_over_tables_is_that_of_trials_and_shared_rows():
    """Rows that are hard for every trial: trials alone see a tenth of the variance of their mean."""
    r = np.random.default_rng(6)
    means, trials_alone, both = [], [], []
    for _ in range(300):
        hard = r.normal(size=60)
        rows = np.array([r.choice(60, size=40, replace=False) for _ in range(10)])
        values = (hard[rows] + 0.5 * r.normal(size=(10, 40)))[:, None]
        per_trial = values.mean(axis=2)[:, 0]
        means.append(per_trial.mean())
        trials_alone.append(per_trial.var(ddof=1) / 10)
        both.append(trials_alone[-1] + shared_variance(values, rows, strata=1)[0])
    assert np.mean(trials_alone) < 0.2 * np.var(means)
    assert np.mean(both) == pytest.approx(np.var(means), rel=0.25)


def test_the_largest_loss_is_the_gain_of_the_errors():
    accuracy = np.random.default_rng(7).normal(0.8, 0.01, (12, 3)) - np.array([0, 0.05, 0])
    lost = found(-accuracy)
    assert lost.shown
    assert lost.best == 1
    assert not found(accuracy).shown


def test_the_band_holds_for_all_shares_at_once_and_is_wider_than_one_interval():
    r = np.random.default_rng(4)
    inside = 0
    for _ in range(200):
        accuracy = 0.8 + r.normal(0, 0.02, (6, 5)) + r.normal(0, 0.05, (6, 1))
        half = band(accuracy, step=1e-9, shared=np.float64(0), confidence=0.9, rng=r)
        inside += bool((np.abs((accuracy[:, 1:] - accuracy[:, :1]).mean(axis=0)) <= half).all())
    assert 0.84 < inside / 200 <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("trials", [3, 5, 12])
def test_without_an_effect_it_is_claimed_as_often_as_the_confidence_says(trials):
    """A naive t-test at the best of ten shares would claim one several times as often."""
    r = np.random.default_rng(trials)
    claimed = small = 0
    for _ in range(400):
        accuracy = 0.8 + r.normal(0, 0.02, (trials, 11)) + r.normal(0, 0.03, (trials, 1))
        seen = gain(accuracy, step=1 / 300, shared=np.float64(0), confidence=0.9, rng=r)
        claimed += seen.shown
        small += seen.p_value <= 0.05
    assert 0.02 <= claimed / 400 <= 0.085
    assert 0.02 <= small / 400 <= 0.085
