"""Bootstrap intervals of a length and of a largest gap."""

import numpy as np
import pytest
from plugins.mpr.seeded import small

from auditkit_mpr.reference.population import population
from auditkit_mpr.sampling.intervals import largest_interval, length_interval, mean_errors


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
