"""The library door: certificates and whole numbers, against enumeration."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plugins.mpr.oracle import best_set, mpr_by_svd
from plugins.mpr.seeded import integer_toy, mpr_data

from auditkit.errors import DataError, UsageError
from auditkit_mpr.relaxed.certificate import TOLERANCE
from auditkit_mpr.relaxed.cone import ConeProblem, relaxed_optimum
from auditkit_mpr.rerank import prepare, rerank


def toy():
    items, reference, similarities = integer_toy()
    return prepare(items, reference), similarities


RHOS = (0.00500, 0.01905, 0.03309, 0.04714, 0.06118, 0.07523, 0.08928, 0.10332, 0.11737, 0.13141)


def middle(n=600, m=400, seed=5):
    _, items, _, reference, _, similarities = mpr_data(n=n, m=m, d=16, l=6, seed=seed)
    return items, reference, similarities


def test_the_integer_toy_has_its_known_optimum():
    prepared, similarities = toy()
    found = prepared.rerank(similarities, k=4, rho=0.2, method="integer")
    assert sorted(found.chosen) == [0, 2, 6, 10]
    proof = found.certificate
    assert proof.mpr == pytest.approx(0.192867, abs=1e-6)
    assert proof.similarity == pytest.approx(2.813501, abs=1e-6)
    assert proof.similarity_bound == pytest.approx(proof.similarity, abs=1e-12)
    assert proof.top_mpr == pytest.approx(0.267124, abs=1e-6)
    assert proof.top_similarity == pytest.approx(3.032243, abs=1e-6)
    assert proof.meets
    assert not proof.infeasible


@pytest.mark.parametrize("method", ["cone", "qp", "integer"])
def test_a_limit_below_the_least_mpr_is_never_silently_broken(method):
    prepared, similarities = toy()
    proof = prepared.rerank(similarities, k=4, rho=0.07, method=method).certificate
    assert not proof.meets
    assert proof.mpr == proof.reachable == pytest.approx(0.0794613, abs=1e-7)
    assert proof.mpr_lower_bound <= 0.0794613 + 1e-7
    assert "no list" in proof.in_words()
    if method == "integer":
        assert proof.infeasible
        assert proof.mpr_lower_bound == pytest.approx(0.0794613, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.5))
def test_bound_optimum_and_returned_list_are_ordered_as_the_theory_says(seed, rho):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(5, 11)), int(rng.integers(1, 5))
    items, reference = rng.integers(0, 2, (n, 3)), rng.integers(0, 2, (15, 3))
    similarities = rng.normal(size=n)
    prepared = prepare(items, reference)
    best, least = best_set(items, reference, similarities, k, rho + TOLERANCE)
    quick = prepared.rerank(similarities, k=k, rho=rho)
    exact = prepared.rerank(similarities, k=k, rho=rho, method="integer")
    for found in (quick, exact):
        proof = found.certificate
        assert len(set(found.chosen.tolist())) == k
        assert proof.mpr == pytest.approx(mpr_by_svd(items, reference, found.chosen), abs=1e-8)
        assert proof.mpr_lower_bound <= least + 1e-8
        assert proof.reachable >= least - 1e-8
        assert proof.meets or proof.mpr > rho
    if best is None:
        assert exact.certificate.infeasible
        assert not quick.certificate.meets
        return
    optimum = similarities[list(best)].sum()
    assert exact.certificate.meets
    assert exact.certificate.similarity == pytest.approx(optimum, abs=1e-9)
    assert not quick.certificate.infeasible
    if quick.certificate.similarity_bound is not None:
        assert quick.certificate.similarity_bound >= optimum - 1e-7
    if quick.certificate.meets:
        assert quick.certificate.similarity <= optimum + 1e-9


def test_ten_limits_on_the_seeded_problem_are_met_close_to_the_known_optima():
    _, items, _, reference, _, similarities = mpr_data()
    prepared = prepare(items, reference)
    answers, floor = prepared.sweep(similarities, k=50, rhos=RHOS), prepared.reach(50).floor
    proofs = [found.certificate for found in answers]
    top = proofs[0].top_similarity
    assert proofs[0].top_mpr == pytest.approx(0.13140, abs=1e-5)
    for rho, expected in ((0.03309, 0.3092), (0.07523, 0.6945), (0.11737, 0.9556)):
        problem = ConeProblem(similarities, floor.rows, floor.target, 50, rho)
        relaxed = relaxed_optimum(problem, start=floor.columns).bound
        assert relaxed / top == pytest.approx(expected, abs=1e-4)
        assert proofs[RHOS.index(rho)].similarity_bound <= relaxed + 1e-9
    assert all(proof.meets for proof in proofs)
    lost = [(proof.similarity_bound - proof.similarity) / top for proof in proofs]
    assert max(lost) <= 0.002


def test_an_equally_balanced_reference_gives_exact_marginals():
    """Table 1: 50 / 50 and 20 % each at k = 50, whatever the similarities prefer."""
    rng = np.random.default_rng(0)
    sex, race = rng.random(5000) < 0.3, rng.choice(5, 5000, p=[0.5, 0.2, 0.15, 0.1, 0.05])
    similarities = rng.normal(size=5000) + 2 * sex + (race == 0)
    items = np.column_stack([sex, ~sex, np.eye(5)[race]]).astype(float)
    cells = np.array(
        [[s, 1 - s, *np.eye(5)[r]] for s in (0, 1) for r in range(5)],
    )
    found = prepare(items, cells).rerank(similarities, k=50, rho=1e-6)
    assert found.certificate.meets
    assert items[found.chosen].sum(axis=0).tolist() == [25, 25, 10, 10, 10, 10, 10]


def test_a_looser_limit_never_lowers_the_bound_and_a_sweep_does_not_depend_on_its_order():
    items, reference, similarities = middle()
    prepared = prepare(items, reference)
    rhos = (0.3, 0.05, 0.15, 0.1)
    forward = prepared.sweep(similarities, k=20, rhos=rhos)
    alone = [prepared.rerank(similarities, k=20, rho=rho) for rho in rhos]
    for first, second in zip(forward, alone, strict=True):
        assert first.certificate.meets == second.certificate.meets
        if second.certificate.similarity_bound is not None:
            assert first.certificate.similarity_bound == pytest.approx(
                second.certificate.similarity_bound, rel=1e-6
            )
    bounds = [a.certificate.similarity_bound for _, a in sorted(zip(rhos, forward, strict=True))]
    assert bounds == sorted(bounds)


def test_many_threads_get_what_one_thread_gets():
    items, reference, _ = middle()
    queries = np.random.default_rng(1).normal(size=(8, len(items)))
    expected = [prepare(items, reference).rerank(query, k=20, rho=0.1).chosen.tolist() for query in queries]
    shared, found = prepare(items, reference), [None] * 8

    def serve(place):
        found[place] = shared.rerank(queries[place], k=20, rho=0.1).chosen.tolist()

    threads = [threading.Thread(target=serve, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_every_item_taken_leaves_nothing_to_choose():
    items, reference, similarities = integer_toy()
    proof = rerank(similarities, items, reference, k=12, rho=0.001).certificate
    assert proof.mpr == pytest.approx(mpr_by_svd(items, reference, np.arange(12)), abs=1e-9)
    assert not proof.meets
    assert proof.mpr_lower_bound == pytest.approx(proof.mpr, abs=1e-8)


@pytest.mark.parametrize("shift", [0.0, -5.0, 1e6])
def test_the_size_and_sign_of_similarities_do_not_matter(shift):
    items, reference, similarities = middle(n=100)
    plain = rerank(similarities, items, reference, k=10, rho=0.15).certificate
    moved = rerank(similarities + shift, items, reference, k=10, rho=0.15).certificate
    assert moved.meets == plain.meets
    assert moved.similarity - 10 * shift == pytest.approx(plain.similarity, abs=0.02 * abs(plain.similarity))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": 0}, "k is 0"),
        ({"k": 13}, "k is 13"),
        ({"rho": -0.1}, "rho is -0.1"),
        ({"rho": float("nan")}, "rho is nan"),
        ({"method": "magic"}, "no method 'magic'"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(change, message):
    items, reference, similarities = integer_toy()
    with pytest.raises(UsageError, match=message):
        rerank(similarities, items, reference, **{"k": 4, "rho": 0.2} | change)


def test_parts_that_do_not_fit_are_refused():
    items, reference, similarities = integer_toy()
    with pytest.raises(DataError, match="12 items need 12 similarities"):
        rerank(similarities[:5], items, reference, k=4, rho=0.2)
    with pytest.raises(DataError, match="1 similarities are missing"):
        rerank(np.r_[similarities[:-1], np.nan], items, reference, k=4, rho=0.2)
    with pytest.raises(DataError, match="items have 3 attributes and the reference has 2"):
        rerank(similarities, items, reference[:, :2], k=4, rho=0.2)
    with pytest.raises(DataError, match="must be numbers"):
        rerank(similarities, items.astype(str), reference, k=4, rho=0.2)
    with pytest.raises(DataError, match="missing or infinite"):
        rerank(similarities, np.where(items, np.nan, 1.0), reference, k=4, rho=0.2)
    with pytest.raises(DataError, match="weights must be 20"):
        prepare(items, reference, weights=-np.ones(20))


def test_an_attribute_that_is_constant_restricts_nothing():
    similarities = np.random.default_rng(0).normal(size=30)
    found = rerank(similarities, np.ones((30, 1)), np.ones((10, 1)), k=5, rho=0.0)
    assert found.certificate.meets
    assert sorted(found.chosen) == sorted(np.argsort(-similarities)[:5])
