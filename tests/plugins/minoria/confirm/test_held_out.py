import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import fisher_exact

from auditkit.measures import bound_at, heavy_tail, p_value
from auditkit.measures.exact.difference import difference_p
from auditkit_minoria.confirm.held_out import held_out_gaps, two_values
from auditkit_minoria.confirm.standard import Standard


def held(loss, tail, *, known=None, seed=0, **standard):
    """What the held-out rows say of one tail."""
    known = loss if known is None else known
    (found,) = held_out_gaps(loss, [tail], Standard(**standard), known=known, rng=np.random.default_rng(seed))
    return found


def sample(seed=0, n=400, size=60, shift=0.5):
    rng = np.random.default_rng(seed)
    tail = np.arange(n) < size
    return rng.exponential(size=n) + shift * tail, tail


def test_the_gap_is_that_of_the_tail_to_all_rows():
    loss, tail = sample()
    found = held(loss, tail)
    assert found.gap == pytest.approx(loss[tail].mean() - loss.mean(), abs=1e-12)
    assert (found.n, found.rows, found.share) == (60, 400, 0.15)
    assert found.tail_loss == pytest.approx(loss[tail].mean())


@pytest.mark.parametrize("tau", [0.0, 0.2, -0.1])
def test_the_p_value_is_welchs_against_the_rest_or_that_of_permutations(tau):
    loss, tail = sample()
    found = held(loss, tail, tau=tau)
    expected = stats.ttest_ind(loss[tail] - tau / 0.85, loss[~tail], equal_var=False, alternative="greater")
    floors = [p for threshold, p in zip(found.interval.basis[4::3], found.interval.basis[5::3], strict=True)
              if threshold <= tau]  # fmt: skip
    assert found.p == pytest.approx(max(expected.pvalue, *floors), rel=1e-6)


def test_the_interval_is_welchs_scaled_by_the_share_of_the_rest():
    loss, tail = sample()
    found = held(loss, tail, confidence=0.9)
    expected = stats.ttest_ind(loss[tail], loss[~tail], equal_var=False).confidence_interval(0.9)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (expected.low * 0.85, expected.high * 0.85)
    )
    assert found.interval.method == "gap_of_means"


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(["real", "0 and 1", "-3 and 1", "mostly 1"]),
    st.sampled_from([0.0, 0.1, -0.1]),
)
def test_p_is_below_a_level_just_where_the_interval_at_it_is_above_tau_and_a_gate_reads_the_same(
    seed, kind, tau
):
    rng = np.random.default_rng(seed)
    tail = rng.random(200) < 0.3
    loss = rng.exponential(size=200) + 0.4 * tail
    loss = {"real": loss, "0 and 1": 1.0 * (loss > 1), "-3 and 1": np.where(loss > 1, 1.0, -3.0),
            "mostly 1": np.where(loss < 2, 1.0, loss)}[kind]  # fmt: skip
    found = held(loss, tail, tau=tau, min_n=2)
    assert found.interval.low <= found.gap <= found.interval.high
    assert (found.p < 0.025) == (found.interval.low > tau)
    for level in (0.025, 0.005, 0.2):
        assert (found.p < level) == (bound_at(found.gap, found.interval, level, "above") > tau)
    assert p_value(found.gap, found.interval, tau, "above") == found.p


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 0.0), (2.5, 4.5), (-7.0, -3.0)])
def test_losses_of_two_values_are_counted(low, high):
    tail = np.arange(200) < 50
    hits = np.where(tail, np.arange(200) % 2, np.arange(200) % 5 == 0)
    found = held(np.where(hits, high, low), tail)
    assert found.interval.method == "gap_of_counts"
    assert found.interval.basis == (25, 50, 30, 150, high - low)
    # Newcombe's method 10 for 25/50 - 30/150, worked by hand from Wilson's limits.
    ends = np.array([found.interval.low, found.interval.high]) / 0.75 / (high - low)
    assert ends == pytest.approx((0.148, 0.443), abs=1e-2)  # an exact bound may be a little wider
    assert found.p < 1e-3


def test_p_of_two_valued_losses_is_never_below_four_fifths_of_the_exact_one():
    rng = np.random.default_rng(2)
    small = 0
    for _ in range(300):
        loss, tail = (rng.random(1200) < 0.2).astype(float), np.arange(1200) < 60
        found = held(loss, tail)
        table = [[loss[tail].sum(), 60 - loss[tail].sum()], [loss[~tail].sum(), 1140 - loss[~tail].sum()]]
        assert found.p >= 0.8 * fisher_exact(table, alternative="greater").pvalue - 1e-9
        small += found.p < 0.005
    assert small <= 0.005 * 300 + 3 * np.sqrt(1.5)


@pytest.mark.parametrize("tau", [0.0, 0.1, -0.05])
def test_a_counted_gap_has_the_p_value_of_a_rates_gap_to_the_rest(tau):
    loss, tail = (np.arange(400) % 4 == 0).astype(float), np.arange(400) < 40
    loss[:40] = np.arange(40) % 2
    found = held(loss, tail, tau=tau)
    expected = difference_p(20, 40, loss[40:].sum(), 360, threshold=tau / 0.9, side="above")
    assert found.p == pytest.approx(float(expected))


def test_under_a_heavy_tail_only_what_permutations_tested_is_shown():
    rng = np.random.default_rng(0)
    tail = np.arange(2000) < 300
    loss = rng.lognormal(sigma=2.0, size=2000) * np.where(tail, 6.0, 1.0)
    found = held(loss, tail, tau=0.5)
    assert found.p < 1e-3
    assert heavy_tail(found.interval) > 0.2
    bounds = [bound_at(found.gap, found.interval, 0.025, side) for side in ("above", "below")]
    assert bounds == [np.nextafter(0.5, 1), np.inf]
    assert p_value(found.gap, found.interval, 0.51, "above") == 1.0
    assert p_value(found.gap, found.interval, 0.3, "above") == pytest.approx(found.p)
    light = held(rng.normal(size=2000) + tail, tail, tau=0.5)
    assert heavy_tail(light.interval) is None
    assert 0.5 < bound_at(light.gap, light.interval, 0.025, "above") < light.gap


@pytest.mark.parametrize(("value", "known"), [(0.0, [0.0]), (0.0, [0.0, -1.0]), (5.0, [2.0, 5.0])])
def test_nobody_errs_and_the_interval_still_has_a_width(value, known):
    tail = np.arange(300) < 60
    found = held(np.full(300, value), tail, known=np.array(known))
    assert found.gap == 0.0
    assert found.interval.low < 0 < found.interval.high
    assert found.p > 0.025


def test_equal_losses_of_an_unknown_range_confirm_nothing():
    found = held(np.full(300, 2.5), np.arange(300) < 60)
    assert (found.gap, found.interval.low, found.interval.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_two_values_are_two_and_no_more():
    assert two_values(np.array([0.0, -1.0, 0.0]), np.zeros(1)) == (-1.0, 0.0)
    assert two_values(np.array([0.0, 1.0, 2.0]), np.zeros(1)) is None
    assert two_values(np.array([3.0, 3.0]), np.array([3.0, 4.0, 5.0])) is None


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
    found = held(loss, tail)
    assert (found.gap, found.interval, found.p, found.reason) == (None, None, None, reason)


def test_no_held_out_rows_are_insufficient_evidence():
    found = held(np.zeros(0), np.zeros(0, dtype=bool))
    assert found.p is None
    assert found.share == 0.0


def test_a_tail_too_small_to_test_does_not_keep_the_others_from_it():
    loss, tail = sample()
    few = np.arange(400) >= 395
    found = held_out_gaps(loss, [few, tail], Standard(), known=loss, rng=np.random.default_rng(0))
    assert found[0].reason
    assert found[1] == held(loss, tail)
