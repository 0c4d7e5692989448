"""Ceilings, sampling bounds and bootstrap intervals."""

import numpy as np
import pytest
from plugins.mpr.oracle import mpr_by_svd
from plugins.mpr.seeded import integer_toy, small

from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.reference.population import population
from auditkit_mpr.sampling.bounds import (
    ceiling,
    finite_sampling_gap,
    linear_sampling_gap,
    printed_gap,
    rows_needed,
    sampling_gap,
)
from auditkit_mpr.sampling.intervals import largest_interval, length_interval, mean_errors


@pytest.mark.parametrize(("n", "expected"), [(10_000, 0.0997509), (100_000, 0.0425339)])
def test_the_ceiling_of_one_attribute_depends_on_the_number_of_items(n, expected):
    """All retrieved +1 and all of the reference -1: the paper's "independent of dataset size" is false in n."""
    items = np.ones((n, 1))
    linear = linear_class(items, population(-np.ones((10_000, 1))))
    assert ceiling(linear, 50) == pytest.approx(expected, abs=1e-7)
    assert linear.mpr(np.arange(50)) == pytest.approx(expected, abs=1e-7)


def test_no_set_of_items_exceeds_the_ceiling():
    from itertools import combinations

    items, reference, _ = integer_toy()
    top = max(mpr_by_svd(items, reference, list(chosen)) for chosen in combinations(range(12), 4))
    bound = ceiling(linear_class(items, population(reference)), 4)
    assert top <= bound <= 1.3 * top


def test_the_printed_bounds_have_their_printed_values():
    assert rows_needed(10, gap=0.1, queries=10) == 32_600
    assert printed_gap(10_000, 0.0) == pytest.approx(0.0067905076, abs=1e-10)


def test_the_printed_first_bound_is_a_quarter_of_what_its_argument_proves():
    assert sampling_gap(10_000, 0.0) == pytest.approx(4 * printed_gap(10_000, 0.0), rel=1e-12)


def test_sampling_bounds_hold_on_fresh_references():
    rng = np.random.default_rng(0)
    world = rng.normal(size=(20_000, 3))
    items = rng.normal(size=(200, 3)) + 0.5
    worst = 0.0
    for _ in range(40):
        people = population(world[rng.choice(20_000, 300)])
        linear = linear_class(items, people)
        error = linear.scale(20) * np.linalg.norm(linear.target - world.mean(0) @ linear.directions)
        worst = max(worst, error / linear_sampling_gap(linear, people, 20))
    assert 0 < worst < 1
    groups = (world[:, 0] > 0).mean() - (world[rng.choice(20_000, 300), 0] > 0).mean()
    assert abs(groups) < finite_sampling_gap(300, 1)


def test_bootstrap_errors_have_the_spread_of_a_mean():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(500, 2))
    errors = mean_errors(rows, population(rows), draws=4000, rng=rng)
    assert errors.mean(axis=0) == pytest.approx([0, 0], abs=0.005)
    assert errors.std(axis=0) == pytest.approx(rows.std(axis=0) / np.sqrt(500), rel=0.05)


def test_equal_rows_drawn_together_spread_like_rows_drawn_apart():
    rng = np.random.default_rng(2)
    rows = np.repeat([[0.0], [1.0]], [300, 100], axis=0)
    errors = mean_errors(rows, population(rows), draws=4000, rng=rng)
    assert errors.std() == pytest.approx(np.sqrt(0.25 * 0.75 / 400), rel=0.05)


def test_the_interval_covers_the_true_length_also_where_it_is_zero():
    rng = np.random.default_rng(3)
    for true in (np.zeros(5), np.full(5, 0.02), np.full(5, 0.2)):
        hits = 0
        for _ in range(200):
            rows = rng.normal(size=(400, 5))
            gap = true - rows.mean(axis=0)
            errors = rng.normal(size=(400, 5)) / np.sqrt(400)
            low, high = length_interval(gap, errors, confidence=0.95)
            hits += low <= np.linalg.norm(true) <= high
        assert hits >= 180


def test_the_interval_of_a_largest_gap_covers_it():
    rng = np.random.default_rng(4)
    for true in (np.zeros(8), np.array([0.3, 0, 0, 0, 0, 0, 0, 0])):
        hits = 0
        for _ in range(200):
            gaps = true + rng.normal(size=8) / 20
            errors = rng.normal(size=(400, 8)) / 20
            low, high = largest_interval(gaps, errors, confidence=0.95)
            assert low <= np.abs(gaps).max() <= high
            hits += low <= np.abs(true).max() <= high
        assert hits >= 180


def test_no_sampling_error_leaves_no_width():
    gap = np.array([0.3, 0.4])
    assert length_interval(gap, np.zeros((100, 2)), confidence=0.95) == pytest.approx((0.5, 0.5), abs=1e-8)
    assert largest_interval(gap, np.zeros((100, 2)), confidence=0.95) == pytest.approx((0.4, 0.4), abs=1e-8)


def test_small_weights_make_the_reference_count_for_less():
    _, reference, _ = small()
    assert population(reference).effective == pytest.approx(40)
    assert population(reference, np.r_[np.ones(4), np.full(36, 1e-9)]).effective == pytest.approx(4, rel=1e-6)
