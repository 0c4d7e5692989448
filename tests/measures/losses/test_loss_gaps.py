import math
import time

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.measures import moments
from auditkit.measures.closed_forms.means import gap_interval
from auditkit.measures.intervals.loss_gaps import loss_gaps, mean_losses
from auditkit.measures.losses.bounds import GapBasis, MeanBasis, gap_bound, gap_p, mean_bound, mean_p

SIDES = st.sampled_from(["above", "below"])
P = st.floats(1e-6, 1.0)
BASES = st.builds(
    GapBasis, error=st.floats(0.01, 3), degrees=st.floats(2, 500), above=P, below=P,
    heavy=st.sampled_from([0.0, 1.0]), top_share=st.just(0.1),
)  # fmt: skip


def basis_of(measured, group):
    return GapBasis(**dict(zip(GapBasis.__dataclass_fields__, measured.interval(group).basis, strict=True)))


@settings(max_examples=300, deadline=None)
@given(st.floats(-5, 5), BASES, st.one_of(st.floats(-6, 6), st.just(0.0)), st.floats(1e-6, 0.6), SIDES)
def test_p_is_below_a_level_exactly_when_the_bound_at_that_level_clears_the_threshold(
    gap, basis, t, level, side
):
    p, bound = gap_p(gap, basis, threshold=t, side=side), gap_bound(gap, basis, level=level, side=side)
    assume(abs(p / level - 1) > 1e-6)
    assume(bound == t or abs(bound - t) > 1e-9 or t == 0.0)
    assert (p < level) == (bound > t if side == "above" else bound < t)


@settings(max_examples=200, deadline=None)
@given(st.floats(-5, 5), BASES, st.floats(-6, 6), st.floats(-6, 6))
def test_a_harder_threshold_never_lowers_the_p_value(gap, basis, one, other):
    easy, hard = (gap_p(gap, basis, threshold=t, side="above") for t in sorted((one, other)))
    assert easy <= hard + 1e-12


@settings(max_examples=100, deadline=None)
@given(st.floats(-5, 5), BASES, st.floats(-6, 6), st.floats(0.01, 10))
def test_a_gap_turned_round_or_scaled_is_the_same_claim(gap, basis, t, factor):
    p = gap_p(gap, basis, threshold=t, side="above")
    assert p == gap_p(-gap, basis.turned, threshold=-t, side="below")
    assert p == pytest.approx(
        gap_p(factor * gap, basis.scaled(factor), threshold=factor * t, side="above"), rel=1e-6, abs=1e-12
    )


def test_under_a_heavy_tail_only_the_sign_of_a_gap_is_shown():
    basis = GapBasis(error=1.0, degrees=50.0, above=0.001, below=1.0, heavy=1.0, top_share=0.6)
    assert gap_p(5.0, basis, threshold=0.0, side="above") == 0.001
    assert gap_p(5.0, basis, threshold=0.1, side="above") == 1.0
    assert gap_p(5.0, basis, threshold=9.0, side="below") == 1.0
    assert 0.0 < gap_bound(5.0, basis, level=0.025, side="above") < 1e-300
    assert gap_bound(5.0, basis, level=0.0005, side="above") == -math.inf
    assert gap_bound(5.0, basis, level=0.025, side="below") == math.inf


def test_a_mean_has_students_bounds_and_none_under_a_heavy_tail():
    light, heavy = (MeanBasis(error=0.5, degrees=20.0, heavy=h, top_share=0.1) for h in (0.0, 1.0))
    assert mean_p(2.0, light, threshold=1.0, side="above") == pytest.approx(stats.t.sf(2.0, 20))
    assert mean_bound(2.0, light, level=0.05, side="below") == pytest.approx(
        2.0 + 0.5 * stats.t.isf(0.05, 20)
    )
    assert mean_p(2.0, heavy, threshold=1.0, side="above") == 1.0
    assert mean_bound(2.0, heavy, level=0.05, side="below") == math.inf


def drawn(seed=0, n=3000, groups=4, c=2):
    rng = np.random.default_rng(seed)
    codes = rng.integers(-1, groups, n)
    values = np.abs(rng.normal(size=(c, n))) ** np.arange(1, c + 1)[:, None]
    return codes, values


def test_gaps_are_welchs_and_carry_what_decides_them():
    codes, values = drawn()
    weights = np.random.default_rng(1).gamma(3, size=len(codes))
    for heavy in (None, weights):
        (found,) = loss_gaps([(codes, 4)], values, rng=np.random.default_rng(0), weights=heavy)
        for loss, measured in zip(values, found, strict=True):
            own = moments(codes, loss, n_groups=4, weights=heavy)
            rest = own.rest()
            gap, errors, freedom = own.mean - rest.mean, (own.error, rest.error), (own.degrees, rest.degrees)
            low, high, degrees = gap_interval(gap, errors, freedom)
            np.testing.assert_allclose(measured.value, own.mean - rest.mean, rtol=1e-9)
            np.testing.assert_allclose(measured.basis[:, 1], degrees, rtol=1e-9)
            shown = (measured.low != 0.0) & (measured.high != 0.0)
            np.testing.assert_allclose(measured.low[shown], low[shown], rtol=1e-9)
            np.testing.assert_allclose(measured.high[shown], high[shown], rtol=1e-9)
            assert measured.method == "permutation"


def test_the_interval_is_that_of_the_basis():
    codes, values = drawn(seed=3, n=600)
    values[:, codes == 0] *= 1.3
    for measured in loss_gaps([(codes, 4)], values, rng=np.random.default_rng(0))[0]:
        for group in range(4):
            interval, basis = measured.interval(group), basis_of(measured, group)
            light = GapBasis(**{**vars(basis), "heavy": 0.0})
            value = float(measured.value[group])
            assert interval.low == pytest.approx(gap_bound(value, light, level=0.025, side="above"))
            assert interval.high == pytest.approx(gap_bound(value, light, level=0.025, side="below"))


def test_a_claim_at_zero_needs_both_tests():
    rng = np.random.default_rng(0)
    codes, values = np.repeat([0, 1], [40, 1960]), rng.lognormal(size=(1, 2000)) ** 2
    values[0, :40] = rng.uniform(0.3, 1.0, 40)
    measured = loss_gaps([(codes, 2)], values, rng=rng)[0][0]
    basis = basis_of(measured, 0)
    alone = stats.t.cdf(measured.value[0] / basis.error, basis.degrees)
    assert alone < 1e-6
    assert gap_p(float(measured.value[0]), basis, threshold=0.0, side="below") > 100 * alone
    assert basis.heavy == 1.0


def test_cuts_share_their_shuffles_and_those_that_leave_rows_out_have_their_own():
    codes, values = drawn(seed=2)
    everyone, some = np.abs(codes) % 2, np.where(np.arange(len(codes)) < 500, -1, np.abs(codes) % 2)
    values[0, :10] = np.nan
    found = loss_gaps([(codes, 4), (everyone, 2), (some, 2)], values, rng=np.random.default_rng(0))
    assert [[len(one.value) for one in cut] for cut in found] == [[4, 4], [2, 2], [2, 2]]
    assert np.isfinite(np.concatenate([one.basis.ravel() for cut in found for one in cut])).all()


def test_a_group_of_one_row_and_a_group_of_all_have_no_number():
    codes = np.array([0] + [1] * 50)
    measured = loss_gaps([(codes, 3)], np.arange(51.0)[None], rng=np.random.default_rng(0))[0][0]
    assert np.isnan(measured.value).all()
    assert np.isnan(measured.basis[:, :5]).all()
    own = mean_losses(codes, np.arange(51.0), n_groups=3)
    assert np.isnan(own.low).tolist() == [True, False, True]


@pytest.mark.slow
def test_48000_rows_57_groups_and_three_losses_take_a_few_seconds():
    rng = np.random.default_rng(0)
    error, codes, halves = rng.standard_t(5, 48_000), rng.integers(0, 57, 48_000), rng.random(48_000) < 0.3
    error[halves] *= 1.1
    values = np.stack([error, np.abs(error), error**2])
    start = time.process_time()
    loss_gaps([(codes, 57), (halves.astype(np.int64), 2)], values, rng=rng)
    assert time.process_time() - start < 6.0
