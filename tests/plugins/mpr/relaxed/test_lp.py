"""Cutting planes and their programs."""

import numpy as np
import pytest
from plugins.mpr.seeded import mpr_data

from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.reference.population import population
from auditkit_mpr.relaxed.cone import ConeProblem
from auditkit_mpr.relaxed.floor import floor_of
from auditkit_mpr.relaxed.lp import cut_optimum, foremost, least_of, program
from auditkit_mpr.relaxed.qp import clarabel_optimum


def test_cutting_planes_reach_the_cone_optimum():
    _, items, _, reference, _, wanted = mpr_data(n=500, m=300, d=16, l=5, seed=2)
    floor = floor_of(*linear_class(items, population(reference)).at(20), 20)
    for limit in (0.03, 0.1):
        problem = ConeProblem(wanted, floor.rows, floor.target, 20, limit)
        ours = cut_optimum(problem, start=floor.columns)
        theirs = clarabel_optimum(problem, start=floor.columns)
        assert ours.value == pytest.approx(theirs.value, rel=1e-5)
        assert ours.bound == pytest.approx(theirs.value, rel=1e-5)
        assert ours.bound >= theirs.value - 1e-5


def test_the_program_says_where_it_has_no_list_and_the_least_gap_agrees():
    rng = np.random.default_rng(0)
    cuts, means = rng.integers(0, 2, (40, 3)).astype(float), np.array([0.9, 0.1, 0.5])
    least, entries, _ = least_of(cuts, means, k=5)
    assert np.abs(entries @ cuts / 5 - means).max() == pytest.approx(least, abs=1e-6)
    wanted = rng.normal(size=40)
    assert program(wanted, cuts, means, k=5, limit=least + 1e-3) is not None
    if least > 1e-3:
        assert program(wanted, cuts, means, k=5, limit=least - 1e-3) is None


def test_only_the_most_similar_of_equal_items_can_enter():
    rows = np.array([[1, 0], [1, 0], [0, 1], [1, 0], [0, 1]])
    assert foremost(rows, np.array([0.1, 0.9, 0.5, 0.7, 0.4]), 2).tolist() == [1, 2, 3, 4]


def test_the_signed_price_of_a_cut_proves_the_value_whichever_side_binds():
    rng = np.random.default_rng(0)
    cuts = rng.integers(0, 2, (60, 2)).astype(float)
    for lean in (1.0, -1.0):
        wanted = rng.normal(size=60) + 3 * lean * cuts[:, 0]
        found = program(wanted, cuts, np.array([0.5, 0.5]), k=10, limit=0.12)
        reduced = np.sort(wanted - cuts @ found.price / 10)[-10:].sum()
        proven = reduced + found.price @ [0.5, 0.5] + 0.12 * np.abs(found.price).sum()
        assert proven == pytest.approx(found.value, abs=1e-6)
        assert np.sign(found.price[0]) == lean
