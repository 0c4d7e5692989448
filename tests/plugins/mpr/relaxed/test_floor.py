"""The least reachable MPR against enumeration."""

from itertools import combinations

import numpy as np
import pytest
from plugins.mpr.oracle import mpr_by_svd
from plugins.mpr.seeded import integer_toy

from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.reference.population import population
from auditkit_mpr.relaxed.floor import floor_of
from auditkit_mpr.relaxed.least import nearest_gap


def test_the_least_relaxed_gap_is_bracketed_by_its_bound():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 3)) + np.array([1.0, 0.0, 0.0])
    for target in (np.zeros(3), np.array([-3.0, 0.0, 0.0])):
        found = nearest_gap(rows, target, 10)
        entries = found.relaxed(200)
        assert entries.sum() == pytest.approx(10)
        length = np.linalg.norm(entries @ rows / 10 - target)
        assert found.lower_bound <= length + 1e-12
        assert length - found.lower_bound <= 1e-6


def test_the_floor_is_never_above_the_least_of_all_lists():
    items, reference, _ = integer_toy()
    floor = floor_of(*linear_class(items, population(reference)).at(4), 4)
    least = min(mpr_by_svd(items, reference, list(c)) for c in combinations(range(12), 4))
    assert floor.lower_bound <= least + 1e-12
    assert floor.reached >= least - 1e-12
