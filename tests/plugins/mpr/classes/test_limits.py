"""Classes and their limits on small problems, against every list there is."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plugins.mpr.problems import asked, problem
from sklearn.dummy import DummyRegressor

from auditkit.errors import UsageError
from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.classes.kernels import kernel_named, median_width, mmd
from auditkit_mpr.classes.named import class_named
from auditkit_mpr.methods.registry import method_named
from auditkit_mpr.reference.population import population
from auditkit_mpr.reference.table import Reference
from auditkit_mpr.retrieval.candidates import Candidates
from auditkit_mpr.sampling.draws import Draws

DRAWS = Draws(count=200, confidence=0.95, rng=lambda purpose: np.random.default_rng(len(purpose)))


def largest_gap(candidates, chosen, depth):
    """Count every group by hand."""
    listed = [codes[list(chosen)] for codes in candidates.codes]
    worst = 0.0
    for order in range(1, depth + 1):
        for places in combinations(range(2), order):
            for values in np.ndindex(*[(2, 3)[p] for p in places]):
                here, there = (
                    np.mean(
                        np.logical_and.reduce([side[p] == v for p, v in zip(places, values, strict=True)])
                    )
                    for side in (listed, candidates.reference.codes)
                )
                worst = max(worst, abs(here - there))
    return worst


def test_a_regressor_that_predicts_zero_everywhere_is_said_to_prove_nothing():
    rows = np.random.default_rng(0).integers(0, 2, (30, 2))
    reference = Reference(population=population(rows), codes=(), exact=False)
    candidates = Candidates(
        query="q",
        items=np.arange(30),
        similarities=np.zeros(30),
        rows=rows,
        codes=(),
        reference=reference,
        shared=True,
    )
    zero = Fitted("DummyRegressor")
    zero.make = lambda: DummyRegressor(strategy="constant", constant=0.0)
    found = zero.measure(candidates, np.arange(10), DRAWS)
    assert found.value == 0
    assert found.shown.value == 0
    assert (found.shown.interval.low, found.shown.interval.high) == (0, 1)
    assert "proves nothing" in found.note


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.floats(0.05, 0.7), st.integers(1, 2))
def test_groups_are_measured_bounded_and_repaired_as_enumeration_says(seed, k, rho, depth):
    candidates, attributes = problem(seed)
    groups = Groups("groups", attributes, depth)
    lists = [np.array(c) for c in combinations(range(10), k)]
    values = np.array([largest_gap(candidates, chosen, depth) for chosen in lists])
    sums = np.array([candidates.similarities[chosen].sum() for chosen in lists])
    measured = groups.measure(candidates, lists[0], DRAWS)
    assert measured.value == pytest.approx(values[0], abs=1e-12)
    assert measured.ceiling == pytest.approx(values.max(), abs=1e-12)
    query = asked(groups, candidates, k)
    keeps = values <= rho + 1e-9
    for method in ("lp", "integer"):
        found = method_named(method).answer(query, rho)
        proof = found.certificate
        assert proof.mpr == pytest.approx(largest_gap(candidates, found.chosen, depth), abs=1e-9)
        assert proof.mpr_lower_bound <= values.min() + 1e-9
        assert proof.reachable >= values.min() - 1e-9
        if not keeps.any():
            assert not proof.meets
            continue
        assert not proof.infeasible
        if proof.meets:
            assert proof.similarity <= sums[keeps].max() + 1e-9
        if proof.similarity_bound is not None:
            assert proof.similarity_bound >= sums[keeps].max() - 1e-7
        if method == "integer":
            assert proof.meets
            assert proof.similarity == pytest.approx(sums[keeps].max(), abs=1e-9)
    if not keeps.any():
        assert method_named("integer").answer(query, rho).certificate.infeasible


@pytest.mark.parametrize("name", ["rbf", "polynomial", "linear_kernel"])
def test_a_kernel_written_out_as_features_is_the_kernel(name):
    candidates, _ = problem(3, n=30, m=40)
    chosen = np.array([1, 5, 9, 20])
    rows = candidates.reference.population.rows
    function = kernel_named(name, width=median_width(rows))
    expected, _ = mmd(function, candidates.rows[chosen], candidates.reference.population)
    found = Ball(name, kernel=name).measure(candidates, chosen, DRAWS)
    assert found.value == pytest.approx(expected, abs=1e-9)
    assert found.shown.interval.low <= found.value <= found.shown.interval.high
    farthest = max(
        mmd(function, candidates.rows[list(c)], candidates.reference.population)[0]
        for c in combinations(range(30), 2)
    )
    pair = Ball(name, kernel=name).measure(candidates, np.array([0, 1]), DRAWS)
    assert pair.ceiling >= farthest - 1e-9


def test_a_kernel_of_too_many_distinct_rows_is_refused():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(2100, 2))
    reference = Reference(population=population(rows), codes=(), exact=True)
    candidates = Candidates(
        query="q",
        items=np.arange(2100),
        similarities=rows[:, 0],
        rows=rows,
        codes=(),
        reference=reference,
        shared=True,
    )
    with pytest.raises(UsageError, match="distinct rows of attributes are too many"):
        class_named("rbf", ()).measure(candidates, np.arange(3), DRAWS)


def test_a_fitted_class_with_an_exact_fit_bounds_what_the_cone_finds():
    """Plain linear regression is the affine class: its certificate must agree with the closed form's."""
    candidates, _ = problem(5, n=60, m=80)
    exact = Ball("affine", intercept=True).limits(candidates, k=8)
    fitted = Fitted("LinearRegression").limits(candidates, k=8)
    top = np.argsort(-candidates.similarities)[:8]
    assert fitted.mpr(top) == pytest.approx(exact.mpr(top), abs=1e-9)
    rho = 0.4 * exact.mpr(top)
    ours, theirs = fitted.cut(rho).certificate, exact.cone(rho).certificate
    assert ours.meets
    assert theirs.meets
    assert ours.similarity_bound >= theirs.similarity_bound - 1e-6
    assert ours.similarity <= theirs.similarity_bound + 1e-6
    assert ours.mpr_lower_bound <= theirs.reachable + 1e-9
    assert exact.mpr(fitted.cut(rho).chosen) <= rho + 1e-9


def test_a_judged_list_has_the_bound_of_the_relaxed_optimum():
    candidates, attributes = problem(7, n=40, m=50)
    for one in (Ball("linear"), Groups("groups:1", attributes, 1), Fitted("tree")):
        limits = one.limits(candidates, k=6)
        chosen = np.arange(6)
        rho = 0.5 * limits.mpr(np.argsort(-candidates.similarities)[:6])
        judged = limits.judge(chosen, rho, "mine").certificate
        assert judged.method == "mine"
        assert judged.mpr == pytest.approx(limits.mpr(chosen), abs=1e-12)
        assert judged.similarity == pytest.approx(candidates.similarities[chosen].sum())
        assert judged.similarity_bound == limits.cut(rho).certificate.similarity_bound or isinstance(
            one, Ball
        )


def test_the_floor_that_queries_share_is_made_once():
    candidates, _ = problem(8, n=40, m=50)
    one = Ball("linear")
    first = one.limits(candidates, k=6).reach
    assert one.limits(replace(candidates, query="another"), k=6).reach is first
    assert one.limits(candidates, k=7).reach is not first
    alone = replace(candidates, shared=False)
    assert one.limits(alone, k=6).reach is not first


@pytest.mark.parametrize("one", [Ball("linear"), Fitted("tree"), Fitted("Ridge")], ids=lambda one: one.name)
def test_a_certificate_puts_a_list_beside_the_most_similar_one(one):
    candidates, _ = problem(1, n=30, m=40)
    limits = one.limits(candidates, k=8)
    most = np.argsort(-candidates.similarities, kind="stable")[:8]
    other = np.arange(20, 28)
    proof = limits.judge(other, 0.3, "mine").certificate
    assert proof.top_mpr == pytest.approx(limits.mpr(most), abs=1e-9)
    assert proof.mpr == pytest.approx(limits.mpr(other), abs=1e-9)
    assert abs(proof.top_mpr - proof.mpr) > 0.01
    assert proof.top_similarity == pytest.approx(candidates.similarities[most].sum())
