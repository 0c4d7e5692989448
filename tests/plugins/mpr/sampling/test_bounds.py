"""Sampling bounds have their printed values and hold."""

import numpy as np
import pytest

from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.reference.population import population
from auditkit_mpr.sampling.bounds import (
    finite_sampling_gap,
    printed_gap,
    rows_needed,
    sampling_gap,
)


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
        worst = max(worst, error / linear.sampling_gap(people, 20))
    assert 0 < worst < 1
    groups = (world[:, 0] > 0).mean() - (world[rng.choice(20_000, 300), 0] > 0).mean()
    assert abs(groups) < finite_sampling_gap(300, 1)
