"""Sampling bounds have their printed values and hold."""

import numpy as np
import pytest

from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.reference.population import population
from auditkit_mpr.sampling.bounds import (
    finite_sampling_gap,
    printed_gap,
    printed_rows,
    rows_needed,
    sampling_gap,
    vc_rademacher,
)


def test_the_printed_bounds_have_their_printed_values():
    assert printed_rows(10, gap=0.1, queries=10) == 32_600
    assert printed_gap(10_000, 0.0) == pytest.approx(0.0067905076, abs=1e-10)


def test_the_printed_first_bound_is_a_quarter_of_what_its_argument_proves():
    assert sampling_gap(10_000, 0.0) == pytest.approx(4 * printed_gap(10_000, 0.0), rel=1e-12)


@pytest.mark.parametrize(
    ("vc", "gap", "queries", "expected"), [(10, 0.1, 10, 102_927), (7, 0.05, 10, 340_073)]
)
def test_the_rows_that_are_asked_for_are_those_at_which_the_bound_is_met(vc, gap, queries, expected):
    m = rows_needed(vc, gap=gap, queries=queries)
    assert m == pytest.approx(expected, abs=2)
    bound = [sampling_gap(n, vc_rademacher(vc, n), delta=0.05 / queries) for n in (m - 1, m)]
    assert bound[0] > gap >= bound[1]
    assert sampling_gap(printed_rows(vc, gap=gap, queries=queries), 0.0) < gap < bound[0] + 1e-9


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
