import itertools

import numpy as np
import pytest
from scipy import stats

from auditkit_minoria.confirm.permutation import draws_needed, permutation_p, upper_p


def rng(seed=0):
    return np.random.default_rng(seed)


def by_all_parts(loss, tail, shift):
    """Both p-values over every part of the tail's size, one after the other."""
    values = loss - shift * tail

    def statistic(members):
        return stats.ttest_ind(values[members], values[~members], equal_var=False).statistic

    observed = statistic(tail)
    found = []
    for chosen in itertools.combinations(range(len(loss)), int(tail.sum())):
        members = np.zeros(len(loss), dtype=bool)
        members[list(chosen)] = True
        found.append(statistic(members))
    found = np.array(found)
    return np.mean(found >= observed - 1e-9), np.mean(found <= observed + 1e-9)


@pytest.mark.parametrize("shift", [0.0, 0.7, -0.4])
def test_drawn_parts_come_near_all_parts(shift):
    loss = rng(3).exponential(size=12)
    tail = np.arange(12) < 4
    ((above, below),) = permutation_p(loss, [tail], shifts=[shift], draws=40_000, rng=rng())
    assert (above, below) == pytest.approx(by_all_parts(loss, tail, shift), abs=0.01)


def test_tails_that_share_their_draws_have_the_p_values_of_each_alone():
    loss = rng(1).lognormal(size=300)
    tails = [rng(seed).random(300) < share for seed, share in ((5, 0.2), (6, 0.1), (7, 0.3), (5, 0.2))]
    together = permutation_p(loss, tails, shifts=[0.0] * 4, draws=20_000, rng=rng())
    alone = [permutation_p(loss, [tail], shifts=[0.0], draws=20_000, rng=rng(9))[0] for tail in tails]
    assert np.array(together) == pytest.approx(np.array(alone), abs=0.015)
    assert together[0] == together[3]


def test_the_same_seed_draws_the_same_and_units_do_not_matter():
    loss, tail = rng(1).lognormal(size=200), np.arange(200) < 30
    one, two, moved = (
        permutation_p(values, [tail], shifts=[0.0], draws=3000, rng=rng(4))
        for values in (loss, loss, 1e-150 * loss - 1e-151)
    )
    assert one == two == moved
    assert one != permutation_p(loss, [tail], shifts=[0.0], draws=3000, rng=rng(5))


def test_what_all_losses_have_in_common_does_not_matter():
    loss, tail = np.round(rng(1).lognormal(size=200), 3), np.arange(200) < 30
    one, moved = (
        permutation_p(values, [tail], shifts=[0.0], draws=3000, rng=rng(4))[0]
        for values in (loss, loss + 1e8)
    )
    assert one == pytest.approx(moved, abs=2e-3)


def test_losses_that_are_all_equal_show_nothing_and_those_of_no_overlap_much():
    assert permutation_p(np.ones(50), [np.arange(50) < 9], shifts=[0.0], draws=100, rng=rng()) == [(1.0, 1.0)]
    loss, tail = np.arange(400.0), np.arange(400) >= 360
    ((above, below),) = permutation_p(loss, [tail], shifts=[0.0], draws=2000, rng=rng())
    assert 0 < above < 1e-12
    assert below == 1.0


@pytest.mark.parametrize(
    "kind",
    [
        lambda source, n: source.normal(size=n),
        lambda source, n: source.standard_t(10, size=n),
        lambda source, n: -source.exponential(size=n),
        lambda source, n: source.exponential(size=n),
    ],
)
@pytest.mark.parametrize("level", [1e-3, 1e-4])
def test_p_values_beyond_the_draws_are_near_those_of_many_more_and_seldom_smaller(kind, level):
    observed = float(np.quantile(kind(rng(1), 1_000_000), 1 - level))
    ratios = np.array([upper_p(kind(rng(seed), 4000), observed) / level for seed in range(100)])
    assert 0.7 < np.median(ratios) < 4
    assert np.mean(ratios < 0.25) < 0.05


def test_a_p_value_is_counted_where_there_is_enough_to_count_or_no_tail_to_go_by():
    drawn = np.arange(4000.0)
    assert upper_p(drawn, 3990.0) == 11 / 4001
    assert upper_p(drawn[:400], 1e3) == 1 / 401
    assert upper_p(np.zeros(4000), 5.0) == 1 / 4001
    assert upper_p(np.where(drawn > 3990, 1e300, 0.0), 2.0) == 10 / 4001


def test_p_is_as_often_small_as_its_size_says():
    small = 0
    for seed in range(1000):
        loss = -rng(seed).pareto(1.2, size=120)
        ((above, _),) = permutation_p(loss, [np.arange(120) < 12], shifts=[0.0], draws=199, rng=rng(seed))
        small += above <= 0.05
    assert abs(small - 50) <= 3.3 * np.sqrt(1000 * 0.05 * 0.95)


def test_more_comparisons_need_more_draws():
    assert draws_needed(0.025, 1) == 2000
    assert draws_needed(0.025, 5) == 4000
    assert draws_needed(0.0005, 5) == 200_000


def p_by_hand(drawn, observed):
    """The smaller of the counted p-value and that of the tail, the largest draws sorted and summed in a loop."""
    draws, slack = len(drawn), 1e-9 * (1 + abs(observed))
    counted = (1 + sum(value >= observed - slack for value in drawn)) / (1 + draws)
    first, *rest = sorted(drawn)[-251:]
    excess = [value - first for value in rest]
    mean = sum(excess) / 250
    variance = sum((one - mean) ** 2 for one in excess) / 250
    shape = max(0.0, 0.5 * (1 - mean**2 / variance))
    scale = mean * (1 - shape)
    z = (observed - slack - first) / scale
    return min(counted, 250 / draws * (np.exp(-z) if shape == 0 else (1 + shape * z) ** (-1 / shape)))


@pytest.mark.parametrize("kind", ["normal", "exponential", "lognormal", "standard_cauchy"])
@pytest.mark.parametrize("draws", [501, 2000])
def test_the_tail_is_that_of_a_loop_over_the_largest_draws(kind, draws):
    for seed in range(5):
        drawn = getattr(rng(seed), kind)(size=draws)
        for observed in (np.sort(drawn)[-9], drawn.max() * 1.01, drawn.max() * 2):
            assert upper_p(drawn, observed) == pytest.approx(p_by_hand(drawn.tolist(), observed), rel=1e-9)


def test_ten_as_large_are_counted_and_nine_are_not():
    drawn = rng(0).exponential(size=4000)
    ordered = np.sort(drawn)
    assert upper_p(drawn, ordered[-10]) == 11 / 4001
    assert upper_p(drawn, ordered[-9]) == pytest.approx(p_by_hand(drawn.tolist(), ordered[-9]))
    assert upper_p(drawn[:500], 100.0) == 1 / 501
    assert upper_p(drawn[:501], 100.0) < 1 / 502


def test_ties_with_the_observed_one_count_as_as_large():
    drawn = np.where(np.arange(4000) < 40, 1.0, 0.0)
    assert upper_p(drawn, 1.0) == upper_p(drawn, 1.0 + 1e-9) == 41 / 4001
    assert upper_p(drawn, 1.0 + 1e-8) == 1 / 4001
    assert upper_p(1e3 * drawn, 1e3 + 5e-7) == 41 / 4001
