"""What is shown of MPR: ends against permutations and bootstraps written out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from plugins.mpr.problems import problem

from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.sampling.draws import Draws
from auditkit_mpr.sampling.shares import farthest

MANY = Draws(count=4000, confidence=0.95, rng=lambda purpose: np.random.default_rng(len(purpose)))


def gaps_by_hand(listed, rows, *, seed, times=4000):
    """Return gaps of means with labels shuffled, and errors of both means with each side drawn again from itself."""
    rng, k, m = np.random.default_rng(seed), len(listed), len(rows)
    together, shuffled, apart = np.concatenate([listed, rows]), [], []
    for _ in range(times):
        order = rng.permutation(k + m)
        shuffled.append(together[order[:k]].mean(axis=0) - together[order[k:]].mean(axis=0))
        ours, theirs = listed[rng.integers(0, k, k)], rows[rng.integers(0, m, m)]
        apart.append(ours.mean(axis=0) - listed.mean(axis=0) - theirs.mean(axis=0) + rows.mean(axis=0))
    return np.array(shuffled), np.array(apart)


def least_by_grid(value, reached):
    """Return the smallest size at which 2.5 % of the draws reach the value found."""
    return next(size for size in np.linspace(0, value, 2000) if np.mean(reached(size)) > 0.025)


def test_the_ends_of_a_length_are_those_of_draws_by_hand():
    candidates, _ = problem(11, n=80, m=150)
    chosen = np.argsort(-candidates.rows[:, 0], kind="stable")[:15]
    ball = Ball("linear")
    linear, rows = ball.linear(candidates), candidates.reference.population.rows
    gap, turned = linear.gap(chosen), linear.scale(15) * linear.directions
    value, direction = np.linalg.norm(gap), gap / np.linalg.norm(gap)
    found = gaps_by_hand(candidates.rows[chosen] @ turned, rows @ turned, seed=2)
    low = min(
        least_by_grid(value, lambda t, e=errors: np.linalg.norm(t * direction + e, axis=1) >= value)
        for errors in found
    )
    draws = np.random.default_rng(3).integers(0, 150, (4000, 150))
    errors = (rows[draws].mean(axis=1) - rows.mean(axis=0)) @ turned
    high = value + np.quantile(np.linalg.norm(errors, axis=1), 0.975)
    shown = ball.measure(candidates, chosen, MANY).shown
    assert shown.value == pytest.approx(value)
    assert low > 0.05 * value
    assert shown.interval.low == pytest.approx(low, abs=0.04 * value)
    assert shown.interval.high == pytest.approx(high, abs=0.04 * value)


def test_the_ends_of_a_largest_gap_are_those_of_draws_by_hand():
    candidates, attributes = problem(11, n=80, m=150)
    chosen = np.argsort(-candidates.rows[:, 0], kind="stable")[:15]
    groups = Groups("groups:2", attributes, 2)
    ours, theirs = (
        np.column_stack(
            [np.logical_and.reduce([codes[p] == v for p, v in group.parts]) for group in groups.groups]
        )
        for codes in ([codes[chosen] for codes in candidates.codes], candidates.reference.codes)
    )
    listed, shares = ours.mean(axis=0), theirs.mean(axis=0)
    gaps, unit = np.abs(listed - shares), 1 / 15 + 1 / 150
    pooled = (15 * listed + 150 * shares) / 165
    half = (15 * listed + 0.5) / 16, (150 * shares + 0.5) / 151
    widths = (
        np.maximum(np.sqrt(pooled * (1 - pooled) * unit), unit),
        np.maximum(np.sqrt(half[0] * (1 - half[0]) / 15 + half[1] * (1 - half[1]) / 150), unit),
    )
    found = gaps_by_hand(ours.astype(float), theirs.astype(float), seed=2)
    low = min(
        (gaps - np.quantile((np.abs(errors) / width).max(axis=1), 0.975) * width).max()
        for errors, width in zip(found, widths, strict=True)
    )
    shown = groups.measure(candidates, chosen, MANY).shown
    assert shown.value == pytest.approx(gaps.max())
    assert low > 0.05
    assert shown.interval.low == pytest.approx(low, abs=0.03)
    assert shown.interval.high == pytest.approx(farthest(listed, shares, 150, 0.025), abs=1e-9)


@pytest.mark.parametrize("kind", ["linear", "groups:2", "rbf"])
def test_a_target_that_nobody_sampled_has_no_high_end_above_the_value(kind):
    candidates, attributes = problem(4, n=80, m=60)
    exact = replace(candidates, reference=replace(candidates.reference, exact=True))
    one = {
        "linear": Ball("linear"),
        "groups:2": Groups("groups:2", attributes, 2),
        "rbf": Ball("rbf", kernel="rbf"),
    }[kind]
    sampled, target = (one.measure(c, np.arange(20), MANY).shown for c in (candidates, exact))
    assert target.interval.high == pytest.approx(target.value)
    assert sampled.interval.high > sampled.value
    assert 0 <= target.interval.low <= target.value


def test_of_the_items_themselves_a_list_of_all_shows_nothing_and_is_within_sampling():
    candidates, _ = problem(6, n=50, m=50)
    reference = replace(
        candidates.reference,
        population=replace(
            candidates.reference.population, rows=candidates.rows, mean=candidates.rows.mean(axis=0)
        ),
        items=np.arange(50),
        of_items=True,
    )
    shown = Ball("linear").measure(replace(candidates, reference=reference), np.arange(50), MANY).shown
    assert shown.interval.low == 0
    assert shown.interval.high > 0


def test_a_gate_reads_a_smaller_low_end_at_a_smaller_level():
    from auditkit.measures import bound_at, p_value

    candidates, attributes = problem(11, n=80, m=150)
    chosen = np.argsort(-candidates.rows[:, 0], kind="stable")[:15]
    shown = Groups("groups:1", attributes, 1).measure(candidates, chosen, MANY).shown
    lows = [bound_at(shown.value, shown.interval, level, "above") for level in (0.25, 0.025, 0.0025, 1e-6)]
    assert lows == sorted(lows, reverse=True)
    assert lows[1] == pytest.approx(shown.interval.low)
    assert lows[1] > lows[2] >= 0
    assert p_value(shown.value, shown.interval, 0.0, "above") < 0.025
