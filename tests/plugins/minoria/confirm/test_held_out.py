import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import binomtest, fisher_exact

from auditkit import Interval
from auditkit_minoria.confirm.held_out import Standard, _to_all, held_out_gap


def sample(seed=0, n=400, size=60, shift=0.5):
    rng = np.random.default_rng(seed)
    tail = np.arange(n) < size
    return rng.exponential(size=n) + shift * tail, tail


def test_the_gap_is_that_of_the_tail_to_all_rows():
    loss, tail = sample()
    found = held_out_gap(loss, tail, Standard(tau=0.0, confidence=0.95, min_n=30))
    assert found.gap == pytest.approx(loss[tail].mean() - loss.mean(), abs=1e-12)
    assert (found.n, found.rows, found.share) == (60, 400, 0.15)
    assert found.tail_loss == pytest.approx(loss[tail].mean())


@pytest.mark.parametrize("tau", [0.0, 0.2, -0.1])
def test_the_p_value_is_welchs_against_the_rest(tau):
    loss, tail = sample()
    found = held_out_gap(loss, tail, Standard(tau=tau, confidence=0.95, min_n=30))
    expected = stats.ttest_ind(loss[tail] - tau / 0.85, loss[~tail], equal_var=False, alternative="greater")
    assert found.p == pytest.approx(expected.pvalue, rel=1e-6)


def test_the_interval_is_welchs_scaled_by_the_share_of_the_rest():
    loss, tail = sample()
    found = held_out_gap(loss, tail, Standard(tau=0.0, confidence=0.9, min_n=30))
    expected = stats.ttest_ind(loss[tail], loss[~tail], equal_var=False).confidence_interval(0.9)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (expected.low * 0.85, expected.high * 0.85)
    )
    assert found.interval.method == "welch"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from([0.0, 0.1]))
def test_p_is_below_the_one_sided_level_just_where_the_interval_is_above_tau(seed, binary, tau):
    rng = np.random.default_rng(seed)
    tail = rng.random(200) < 0.3
    loss = rng.exponential(size=200) + 0.4 * tail
    loss = (loss > 1).astype(float) if binary else loss
    found = held_out_gap(loss, tail, Standard(tau=tau, confidence=0.95, min_n=2))
    if binary:  # the exact test may be the stricter one
        assert found.p >= 0.025 or found.interval.low > tau
    else:
        assert (found.p < 0.025) == (found.interval.low > tau)
    assert found.interval.low <= found.gap <= found.interval.high


def test_losses_of_zero_and_one_have_newcombes_interval():
    tail = np.arange(200) < 50
    loss = np.where(tail, np.arange(200) % 2, np.arange(200) % 5 == 0).astype(float)
    found = held_out_gap(loss, tail, Standard(tau=0.0, confidence=0.95, min_n=30))
    assert found.interval.method == "normal"
    assert found.interval.basis == ()
    # Newcombe's method 10 for 25/50 - 30/150, worked by hand from Wilson's limits.
    assert (found.interval.low / 0.75, found.interval.high / 0.75) == pytest.approx((0.148, 0.443), abs=2e-3)
    assert found.p < 1e-3


def test_p_of_zero_one_losses_is_never_below_the_exact_ones():
    rng = np.random.default_rng(2)
    small = 0
    for _ in range(3000):
        loss, tail = (rng.random(1200) < 0.2).astype(float), np.arange(1200) < 60
        found = held_out_gap(loss, tail, Standard(tau=0.0, confidence=0.95, min_n=30))
        table = [[loss[tail].sum(), 60 - loss[tail].sum()], [loss[~tail].sum(), 1140 - loss[~tail].sum()]]
        assert found.p >= fisher_exact(table, alternative="greater").pvalue - 1e-12
        small += found.p < 0.005
    assert small <= 0.005 * 3000 + 3 * np.sqrt(15)


def test_p_for_a_gap_above_tau_is_never_below_the_binomial_one():
    loss, tail = (np.arange(400) % 4 == 0).astype(float), np.arange(400) < 40
    loss[:40] = np.arange(40) % 2
    found = held_out_gap(loss, tail, Standard(tau=0.1, confidence=0.95, min_n=30))
    expected = binomtest(20, 40, loss[40:].mean() + 0.1 / 0.9, alternative="greater").pvalue
    assert found.p >= expected - 1e-12


def test_nobody_errs_and_the_interval_still_has_a_width():
    tail = np.arange(300) < 60
    found = held_out_gap(np.zeros(300), tail, Standard(tau=0.0, confidence=0.95, min_n=30))
    assert found.gap == 0.0
    assert found.interval.low < 0 < found.interval.high
    assert found.p > 0.025


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (29, "insufficient evidence: 29 held-out rows in the tail, 30 needed"),
        (0, "insufficient evidence: 0 held-out rows in the tail, 30 needed"),
        (390, "insufficient evidence: 10 held-out rows outside the tail, 30 needed"),
    ],
)
def test_too_few_rows_are_insufficient_evidence(size, reason):
    loss, tail = sample(size=size)
    found = held_out_gap(loss, tail, Standard(tau=0.0, confidence=0.95, min_n=30))
    assert (found.gap, found.interval, found.p, found.reason) == (None, None, None, reason)


def test_no_held_out_rows_are_insufficient_evidence():
    found = held_out_gap(np.zeros(0), np.zeros(0, dtype=bool), Standard(tau=0.0, confidence=0.95, min_n=30))
    assert found.p is None
    assert found.share == 0.0


def test_an_interval_of_another_method_is_refused_and_not_read_as_newcombes():
    with pytest.raises(ValueError, match="no way to scale an interval by wald"):
        _to_all(Interval(0.1, 0.2, method="wald"), 0.9)
