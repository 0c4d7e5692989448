# ruff: noqa: T201  (sizes and powers are printed beside Welch's)
"""How often a gate on losses fails where every group has the same ones, whatever their tail."""

import numpy as np
import pytest
from scipy.special import stdtr

from auditkit.measures.exact.difference import difference_p
from auditkit.measures.intervals.loss_gaps import loss_gaps
from auditkit.measures.losses.two_valued import two_values

LEVEL = 0.025
ERRORS = {
    "t3": lambda rng, n: rng.standard_t(3, n),
    "lognormal": lambda rng, n: rng.lognormal(size=n) - np.exp(0.5),
    "normal": lambda rng, n: rng.normal(size=n),
}


def failures(codes, groups, draw, *, repeats, side="above"):
    """Return how many gates of each loss fail at 2.5 % after Holm's correction: now, and by Welch's test alone."""
    now, before = 0, 0
    for seed in range(repeats):
        rng = np.random.default_rng([seed, 7])
        found = loss_gaps([(codes, groups)], draw(rng), rng=rng)[0]
        sign, column = (-1, 2) if side == "above" else (1, 3)
        now = now + np.array([np.nanmin(one.basis[:, column]) < LEVEL / groups for one in found])
        alone = [np.nanmin(stdtr(one.basis[:, 1], sign * one.value / one.basis[:, 0])) for one in found]
        before = before + (np.array(alone) < LEVEL / groups)
    return now, before


def mae_and_mse(name, n):
    def draw(rng):
        error = ERRORS[name](rng, n)
        return np.stack([np.abs(error), error**2])

    return draw


def test_a_gate_on_losses_of_a_heavy_tail_fails_rarely():
    now, before = failures(np.repeat([0, 1], [40, 1960]), 2, mae_and_mse("lognormal", 2000), repeats=150)
    assert (now <= 11).all()
    assert (before >= 12).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ERRORS)
def test_2000_gates_on_40_and_1960_rows_fail_in_2_point_5_percent_at_most(name):
    now, before = failures(np.repeat([0, 1], [40, 1960]), 2, mae_and_mse(name, 2000), repeats=2000)
    print(f"\n{name}: MAE and MSE gates fail in {now} of 2000, by Welch's test alone in {before}")
    assert (now <= 73).all()


@pytest.mark.slow
@pytest.mark.parametrize(("groups", "rows"), [(50, 100), (200, 30)])
def test_of_many_groups_as_few_fail_far_beyond_the_draws(groups, rows):
    codes = np.repeat(np.arange(groups), rows)
    now, before = failures(codes, groups, mae_and_mse("lognormal", groups * rows), repeats=300, side="below")
    print(
        f"\n{groups} groups of {rows}: MAE and MSE gates fail in {now} of 300, by Welch's test alone in {before}"
    )
    assert (now <= 17).all()


@pytest.mark.slow
@pytest.mark.parametrize(("size", "rise"), [(50, 0.40), (100, 0.30), (200, 0.20)])
def test_a_group_with_larger_losses_is_found_nearly_as_often_as_by_welchs_test(size, rise):
    codes = np.minimum(np.arange(4000) // size, 9)

    def draw(rng):
        error = rng.normal(size=4000)
        error[codes == 0] *= 1.0 + rise
        return np.abs(error)[None]

    now, before = failures(codes, 10, draw, repeats=100)
    print(
        f"\n{size} rows, {100 * rise:.0f} % larger errors: found in {now[0]} of 100, by Welch's test in {before[0]}"
    )
    assert now[0] >= 0.85 * before[0]


TAILS = {
    "0, or -1 in 3 %": lambda rng, n: np.where(rng.random(n) < 0.03, -1.0, 0.0),
    "minus a Pareto": lambda rng, n: -rng.pareto(1.5, n),
    "exactly 1 in 95 %": lambda rng, n: np.where(rng.random(n) < 0.95, 1.0, rng.random(n)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TAILS)
@pytest.mark.parametrize("tail", [50, 100])
def test_a_tail_is_confirmed_in_2_point_5_percent_at_most_where_losses_have_a_long_lower_end(name, tail):
    codes, confirmed, before = np.repeat([0, 1], [tail, 1000 - tail]), 0, 0
    for seed in range(2000):
        rng = np.random.default_rng([seed, 13])
        loss = TAILS[name](rng, 1000)
        found = loss_gaps([(codes, 2)], loss[None], rng=rng)[0][0]
        before += stdtr(found.basis[0, 1], -found.value[0] / found.basis[0, 0]) < LEVEL
        p, ends = found.basis[0, 2], two_values(loss)
        if ends:
            larger = loss == ends[1]
            p = difference_p(
                larger[:tail].sum(), tail, larger[tail:].sum(), 1000 - tail, threshold=0.0, side="above"
            )
        confirmed += p < LEVEL
    print(f"\n{name}, {tail} rows: {confirmed} of 2000, by Welch's test alone {before}")
    assert confirmed <= 73
