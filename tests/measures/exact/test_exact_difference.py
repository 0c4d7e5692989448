# ruff: noqa: T201  (a power is printed beside the one it is compared with)
import math
import time

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from auditkit.measures import newcombe, p_value
from auditkit.measures.exact.difference import difference_bound, difference_interval, difference_p
from auditkit.values.finding import Interval

SMALL = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
COUNTS = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
WEIGHTED = st.tuples(st.floats(0, 1), st.floats(0.5, 1e5)).map(lambda drawn: (drawn[0] * drawn[1], drawn[1]))
SIDES = st.sampled_from(["above", "below"])


def slow_p(x1, n1, x2, n2, gap):
    """The rule as it is written: every pair of counts at the most likely rates, found by a minimiser."""

    def rarity(p2):
        return -stats.binom.logpmf(x1, n1, p2 + gap) - stats.binom.logpmf(x2, n2, p2)

    ends = max(0.0, -gap), min(1.0, 1.0 - gap)
    found = optimize.minimize_scalar(rarity, bounds=ends, method="bounded", options={"xatol": 1e-12}).x
    p2 = min((found, ends[0], ends[1]), key=rarity)
    chance = np.outer(
        stats.binom.pmf(np.arange(n1 + 1), n1, p2 + gap), stats.binom.pmf(np.arange(n2 + 1), n2, p2)
    )
    far = np.subtract.outer(np.arange(n1 + 1) * n2, np.arange(n2 + 1) * n1) >= x1 * n2 - x2 * n1
    low, high = newcombe(x1, n1, x2, n2)
    hybrid = p_value(
        x1 / n1 - x2 / n2, Interval(float(low), float(high), 0.95, "newcombe", (x1, n1, x2, n2)), gap, "above"
    )
    floor = 0.8 * stats.hypergeom.sf(x1 - 1, n1 + n2, x1 + x2, n1) if gap >= 0 else 0.0
    return max(hybrid, chance[far].sum(), floor)


@settings(max_examples=150, deadline=None)
@given(SMALL, SMALL, st.sampled_from([-0.9, -0.4, -0.1, -0.01, 0.0, 0.01, 0.1, 0.4, 0.9]))
def test_the_p_value_is_the_largest_of_the_three(first, second, gap):
    p = float(difference_p(*first, *second, threshold=gap, side="above"))
    # A minimiser finds rates at an end of their range up to 1e-6 or so.
    assert p == pytest.approx(slow_p(*first, *second, gap), rel=2e-4, abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(COUNTS, WEIGHTED),
    st.one_of(COUNTS, WEIGHTED),
    st.floats(-1.1, 1.1),
    st.floats(1e-6, 0.5),
    SIDES,
)
def test_p_is_below_a_level_exactly_when_the_bound_at_that_level_clears_the_threshold(
    first, second, t, level, side
):
    p = float(difference_p(*first, *second, threshold=t, side=side))
    bound = float(difference_bound(*first, *second, level=level, side=side))
    assert 0.0 <= p <= 1.0
    assume(abs(p / level - 1) > 1e-5)
    assume(bound == t or abs(bound - t) > 1e-9)
    assert (p < level) == (bound > t if side == "above" else bound < t)


@settings(max_examples=150, deadline=None)
@given(COUNTS, COUNTS, SIDES)
def test_the_jump_at_zero_is_in_the_bound(first, second, side):
    p = float(difference_p(*first, *second, threshold=0.0, side=side))
    for level in (p * 0.99, p * 1.01):
        if 1e-12 < level < 0.5:
            bound = float(difference_bound(*first, *second, level=level, side=side))
            assert (bound > 0.0 if side == "above" else bound < 0.0) == (p < level)


@settings(max_examples=150, deadline=None)
@given(COUNTS, COUNTS, st.floats(-1, 1), st.floats(-1, 1))
def test_a_harder_threshold_never_lowers_the_p_value(first, second, one, other):
    p = difference_p(*first, *second, threshold=sorted((one, other)), side="above")
    assert p[0] <= p[1] * (1 + 1e-6) + 1e-9


@settings(max_examples=100, deadline=None)
@given(COUNTS, COUNTS, st.floats(0.001, 0.4), st.floats(0.001, 0.4))
def test_a_stricter_level_never_tightens_a_bound_and_the_estimate_lies_between(first, second, one, other):
    low = difference_bound(*first, *second, level=sorted((one, other)), side="above")
    high = difference_bound(*first, *second, level=sorted((one, other)), side="below")
    gap = first[0] / first[1] - second[0] / second[1]
    assert -1 <= low[0] <= low[1] + 1e-12 <= gap + 1e-9
    assert 1 >= high[0] >= high[1] - 1e-12 >= gap - 1e-9


@settings(max_examples=100, deadline=None)
@given(COUNTS, COUNTS, st.floats(-1, 1))
def test_a_difference_turned_round_has_its_p_value_turned_round(first, second, gap):
    p = difference_p(*first, *second, threshold=gap, side="above")
    assert p == difference_p(*second, *first, threshold=-gap, side="below")


@settings(max_examples=100, deadline=None)
@given(st.floats(0.5, 1e4), st.floats(0, 1), st.floats(0.5, 1e4), st.floats(0, 1))
def test_counts_that_are_not_whole_claim_no_more_than_the_next_whole_ones_against_the_claim(
    n1, share1, n2, share2
):
    x1, x2 = share1 * n1, share2 * n2
    p = difference_p(x1, n1, x2, n2, threshold=0.0, side="above")
    down, up = math.floor(x1 + 1e-6), math.ceil(x2 - 1e-6)
    rows1, rows2 = max(math.ceil(n1 - 1e-6), down, 1), max(math.floor(n2 + 1e-6), up, 1)
    exact = stats.hypergeom.sf(down - 1, rows1 + rows2, down + up, rows1)
    assert p >= 0.8 * exact - 1e-9


def test_two_events_in_a_tiny_group_prove_less_than_newcombes_bound_says():
    # 2 of 48 against 46 of 47,952: Newcombe's bound at the level of 57 groups is above 0.
    counts, level = (2, 48, 46, 47_952), 0.025 / 57
    assert newcombe(*counts, 1 - 2 * level)[0] > 0
    p = float(difference_p(*counts, threshold=0.0, side="above"))
    assert p == pytest.approx(0.8 * stats.hypergeom.sf(1, 48_000, 48, 48), rel=1e-6)
    assert difference_bound(*counts, level=level, side="above") <= 0


def test_nothing_seen_claims_nothing():
    assert difference_p(0, 0, 5, 10, threshold=0.1, side="above") == 1.0
    assert difference_p(0, 0, 5, 10, threshold=-1.1, side="above") == 0.0
    assert difference_p(5, 10, 5, 10, threshold=1.0, side="above") == 1.0
    low, high = difference_interval([3, 0, 0], [5, 0, 5], [0, 3, 0], [0, 5, 5])
    assert low.tolist()[:2] == [-1.0, -1.0]
    assert high.tolist()[:2] == [1.0, 1.0]
    assert low[2] < 0.0 < high[2]


def test_ten_thousand_comparisons_take_less_than_a_second():
    rng = np.random.default_rng(0)
    n1, n2 = np.floor(10 ** rng.uniform(1.5, 8, (2, 10_000)))
    rate = 10 ** rng.uniform(-4, -0.3, 10_000)
    x1, x2 = rng.binomial(n1.astype(int), rate), rng.binomial(n2.astype(int), rate)
    difference_p(1, 2, 3, 4, threshold=0.0, side="above")
    difference_bound(1, 2, 3, 4, level=0.1, side="above")
    start = time.process_time()
    difference_p(x1, n1, x2, n2, threshold=0.0, side="above")
    difference_bound(x1, n1, x2, n2, level=0.025 / 10_000, side="above")
    assert time.process_time() - start < 1.0


def chances(n, rate):
    """All counts but those of a chance below 1e-9, with their chances."""
    x = np.arange(stats.binom.ppf(1e-9, n, rate), stats.binom.isf(1e-9, n, rate) + 1)
    return x, stats.binom.pmf(x, n, rate)


def misses(n1, rate1, n2, rate2, level):
    """The chances, without simulation, that 'p1 - p2 > truth' and 'p1 - p2 < truth' are claimed."""
    (x1, chance1), (x2, chance2) = chances(n1, rate1), chances(n2, rate2)
    chance, truth = np.outer(chance1, chance2), rate1 - rate2
    pairs = x1[:, None], n1, x2, n2
    return [
        (chance * (difference_p(*pairs, threshold=truth, side=side) < level)).sum()
        for side in ("above", "below")
    ]


RATES = [
    (0.001, 0.001),
    (0.001, 0.01),
    (0.02, 0.02),
    (0.02, 0.1),
    (0.3, 0.3),
    (0.5, 0.4),
    (0.98, 0.999),
    (0.999, 0.999),
]


@pytest.mark.parametrize(("n1", "n2"), [(30, 30), (48, 3000), (100, 300)])
@pytest.mark.parametrize(("rate1", "rate2"), RATES)
def test_at_most_3_point_5_percent_miss_on_either_side_whatever_the_rates(n1, n2, rate1, rate2):
    assert max(misses(n1, rate1, n2, rate2, 0.025)) <= 0.035


@pytest.mark.parametrize(("n1", "n2"), [(30, 30), (48, 3000), (100, 300)])
@pytest.mark.parametrize(("rate1", "rate2"), RATES)
def test_after_a_correction_for_57_groups_as_few_miss(n1, n2, rate1, rate2):
    level = 0.025 / 57
    assert max(misses(n1, rate1, n2, rate2, level)) <= 1.4 * level


@pytest.mark.slow
@pytest.mark.parametrize(("n1", "n2"), [(30, 100), (48, 1000), (100, 100), (300, 300), (100, 20_000)])
def test_the_table_of_misses(n1, n2):
    rates, worst = (0.001, 0.005, 0.02, 0.1, 0.3, 0.7, 0.95, 0.99, 0.999), []
    for level in (0.025, 0.025 / 57):
        found = {(a, b): max(misses(n1, a, n2, b, level)) / level for a in rates for b in rates}
        pair = max(found, key=found.get)
        worst.append(found[pair])
        print(
            f"{n1} and {n2} rows, level {level:.5f}: at most {found[pair]:.2f} levels miss, at rates {pair}"
        )
    assert max(worst) <= 1.4


@pytest.mark.parametrize(("n1", "n2"), [(100, 2000), (300, 300), (1000, 3000)])
@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5, 0.9])
def test_gaps_of_middling_rates_are_covered_in_at_most_96_point_5_percent(n1, n2, rate):
    for off in (0.0, 0.03):
        assert sum(misses(n1, rate, n2, rate + off, 0.025)) >= 0.035


@pytest.mark.parametrize(("n1", "n2"), [(40, 1960), (100, 100), (100, 2000), (300, 1000)])
@pytest.mark.parametrize(("rate", "other"), [(0.4, 0.2), (0.45, 0.3), (0.7, 0.55), (0.8, 0.6)])
def test_gaps_of_middling_rates_are_found_nearly_as_often_as_by_newcombe(n1, n2, rate, other):
    (x1, chance1), (x2, chance2) = chances(n1, rate), chances(n2, other)
    chance = np.outer(chance1, chance2)
    ours = (chance * (difference_p(x1[:, None], n1, x2, n2, threshold=0.0, side="above") < 0.025)).sum()
    theirs = (chance * (newcombe(x1[:, None], n1, x2, n2)[0] > 0)).sum()
    print(f"{n1} and {n2} rows, rates {rate} and {other}: power {ours:.3f}, Newcombe's {theirs:.3f}")
    assert ours >= 0.85 * theirs
