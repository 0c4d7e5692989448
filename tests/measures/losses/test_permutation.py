import itertools
import time

import numpy as np
import pytest
from scipy import stats

from auditkit.measures.losses.permutation import permutation_p

ONE = np.array([0])


def welch(mine, others):
    """Welch's t, for samples of at least two values."""
    error = mine.var(ddof=1) / len(mine) + others.var(ddof=1) / len(others)
    return (mine.mean() - others.mean()) / np.sqrt(error)


def p_of(values, group, seed=0):
    t = welch(values[group], values[~group])
    asked = {"column": ONE, "rows": np.array([group.sum()]), "statistic": np.array([t])}
    return float(
        permutation_p(values[None], np.ones(len(values)), **asked, rng=np.random.default_rng(seed))[0]
    )


def exact_p(values, group):
    """Every way to draw the group, counted."""
    t = welch(values[group], values[~group])
    all_of_them = []
    for chosen in itertools.combinations(range(len(values)), int(group.sum())):
        drawn = np.isin(np.arange(len(values)), chosen)
        all_of_them.append(np.sign(t) * welch(values[drawn], values[~drawn]) >= abs(t) - 1e-9)
    return np.mean(all_of_them)


@pytest.mark.parametrize(("size", "shift"), [(4, 0.6), (4, -0.6), (8, 0.5), (8, -1.0)])
def test_the_p_value_is_the_share_of_all_groupings_that_differ_as_much(size, shift):
    rng = np.random.default_rng(3)
    values, group = rng.exponential(size=12), np.arange(12) < size
    values[group] += shift
    # A thousand draws have an error of 1.5 points in the middle.
    assert p_of(values, group) == pytest.approx(exact_p(values, group), abs=0.04)


def test_the_same_generator_gives_the_same_numbers():
    values = np.random.default_rng(0).lognormal(size=200)
    group = np.arange(200) < 40
    assert p_of(values, group, seed=5) == p_of(values, group, seed=5)


def test_a_group_and_its_others_are_two_sides_of_one_test():
    rng = np.random.default_rng(0)
    values, group = rng.lognormal(size=200), np.arange(200) < 30
    values[group] *= 1.5
    assert p_of(values, group) == p_of(values, ~group)


def test_a_p_value_beyond_the_draws_lies_between_welchs_and_the_draws_own():
    rng = np.random.default_rng(1)
    values, group = rng.normal(size=2000), np.arange(2000) < 500
    values[group] += 0.35
    p, normal = p_of(values, group), stats.norm.sf(welch(values[group], values[~group]))
    assert normal < p < 1e-4


@pytest.mark.parametrize("shift", [0.1, 0.13, 0.16])
def test_a_p_value_of_normal_losses_near_the_last_draws_is_about_welchs(shift):
    rng = np.random.default_rng(4)
    values, group = rng.normal(size=4000), np.arange(4000) < 1000
    values[group] += shift - values[group].mean() + values[~group].mean()
    normal = stats.norm.sf(welch(values[group], values[~group]))
    assert normal / 2 < p_of(values, group) < 8 * normal


def test_weights_go_with_their_rows():
    rng = np.random.default_rng(0)
    values, weights = rng.exponential(size=300), rng.gamma(2, size=300)
    asked = {"column": ONE, "rows": np.array([60]), "statistic": np.array([2.0])}
    plain = permutation_p(values[None], np.ones(300), **asked, rng=np.random.default_rng(0))[0]
    heavy = permutation_p(values[None], 7.0 * np.ones(300), **asked, rng=np.random.default_rng(0))[0]
    weighted = permutation_p(values[None], weights, **asked, rng=np.random.default_rng(0))[0]
    assert plain == heavy
    assert weighted == pytest.approx(plain, abs=0.02)


def test_losses_as_large_as_floats_hold_and_constant_ones_are_no_trouble():
    values, asked = np.random.default_rng(0).exponential(size=100), {"column": ONE, "rows": np.array([20])}
    large = permutation_p(
        1e250 * values[None], np.ones(100), **asked, statistic=np.array([2.0]), rng=np.random.default_rng(0)
    )
    small = permutation_p(
        values[None], np.ones(100), **asked, statistic=np.array([2.0]), rng=np.random.default_rng(0)
    )
    assert large == small
    nearly = np.ones((1, 100))
    nearly[0, :3] = 0.0
    p = permutation_p(
        nearly, np.ones(100), **asked, statistic=np.array([np.inf]), rng=np.random.default_rng(0)
    )
    assert 0.0 < p[0] <= 1.0


def test_many_groups_share_their_draws():
    rng = np.random.default_rng(0)
    values = np.abs(rng.normal(size=(3, 20_000)))
    m = 171
    asked = {"column": np.arange(m) % 3, "rows": rng.integers(30, 8000, m), "statistic": rng.normal(size=m)}
    permutation_p(values[:, :50], np.ones(50), column=ONE, rows=np.array([10]), statistic=np.ones(1), rng=rng)
    start = time.process_time()
    p = permutation_p(values, np.ones(20_000), **asked, rng=rng)
    assert time.process_time() - start < 2.0
    assert np.corrcoef(p, stats.norm.sf(np.abs(asked["statistic"])))[0, 1] > 0.99
