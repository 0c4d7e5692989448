"""The relaxed optimum and the least gap, against enumeration and CVXPY."""

import pytest
from plugins.mpr.seeded import mpr_data

from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.reference.population import population
from auditkit_mpr.relaxed.cone import ConeProblem, relaxed_optimum
from auditkit_mpr.relaxed.floor import floor_of
from auditkit_mpr.relaxed.qp import clarabel_optimum
from auditkit_mpr.rerank import prepare


def middle(n=600, m=400, seed=5):
    _, items, _, reference, _, similarities = mpr_data(n=n, m=m, d=16, l=6, seed=seed)
    return items, reference, similarities


def test_the_interior_point_and_clarabel_find_one_optimum():
    items, reference, similarities = middle()
    floor = floor_of(*linear_class(items, population(reference)).at(20), 20)
    top = prepare(items, reference).rerank(similarities, k=20, rho=1.0).certificate.top_mpr
    for share in (0.1, 0.3, 0.6, 0.9):
        problem = ConeProblem(similarities, floor.rows, floor.target, 20, share * top)
        ours = relaxed_optimum(problem, start=floor.columns)
        theirs = clarabel_optimum(problem, start=floor.columns)
        assert ours.value == pytest.approx(theirs.value, rel=1e-6)
        assert ours.bound >= theirs.value - 1e-6 * abs(theirs.value)
        assert theirs.bound == pytest.approx(theirs.value, rel=1e-5)
        assert ours.entries.sum() == pytest.approx(20, abs=1e-7)


def test_the_bound_holds_for_every_price_and_binds_at_the_optimum():
    items, reference, similarities = middle(n=60)
    floor = floor_of(*linear_class(items, population(reference)).at(5), 5)
    problem = ConeProblem(similarities, floor.rows, floor.target, 5, floor.reached * 1.5)
    found = relaxed_optimum(problem, start=floor.columns)
    assert found.bound - found.value <= 1e-6 * abs(found.value)
