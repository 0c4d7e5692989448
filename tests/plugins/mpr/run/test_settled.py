"""Several limits in one run: no list of a method is passed over, whichever limit came first."""

import numpy as np
import pytest
from plugins.mpr.problems import asked, of_arrays, problem
from plugins.mpr.seeded import mpr_data

from auditkit_mpr.classes.named import class_named
from auditkit_mpr.methods.registry import method_named
from auditkit_mpr.relaxed.certificate import TOLERANCE
from auditkit_mpr.run.asked.limits import parse_limit
from auditkit_mpr.run.made import Made, settled

K, SHARES = 12, (0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05)


def passed_over(found):
    """Pairs of lists of which the second is better under the limit of the first."""
    pairs = []
    for own in (one.answer.certificate for one in found):
        for other in (one.answer.certificate for one in found):
            as_good = (
                other.mpr <= max(own.rho, own.mpr) + TOLERANCE and other.similarity > own.similarity + 1e-12
            )
            if as_good or (not own.meets and other.mpr < own.mpr - TOLERANCE):
                pairs.append((own, other))
    return pairs


def made(one, candidates, method, order):
    """Every limit's list in this order, as each is made, and once all are known."""
    query = asked(one, candidates, K)
    most = query.limits.mpr(np.argsort(-candidates.similarities, kind="stable")[:K])
    found = [
        Made(
            parse_limit(f"{share}x"), method, method_named(method).answer(query, share * most), reported=True
        )
        for share in SHARES[::order]
    ]
    return query.limits, found, settled(found, query.limits, [method])


@pytest.mark.parametrize(
    ("name", "method", "seed"),
    [
        ("linear", "cone", 2),
        ("tree:2", "lp", 2),
        pytest.param("tree:5", "lp", 3, marks=pytest.mark.slow),
    ],
)
def test_a_list_as_good_and_more_similar_is_never_passed_over(name, method, seed):
    _, items, _, reference, _, similarities = mpr_data(n=200, m=150, d=16, l=5, seed=seed)
    candidates, one = of_arrays(items, reference, similarities), class_named(name, ())
    before = 0
    for order in (1, -1):
        limits, first, found = made(one, candidates, method, order)
        before += len(passed_over(first))
        assert not passed_over(found)
        for own in found:
            proof = own.answer.certificate
            assert proof.mpr == pytest.approx(limits.mpr(own.answer.chosen), abs=1e-12)
            assert proof.similarity == pytest.approx(similarities[own.answer.chosen].sum())
            if proof.meets and proof.similarity_bound is not None:
                assert proof.similarity <= proof.similarity_bound + 1e-9
    assert before  # else the data show nothing


@pytest.mark.parametrize("name", ["linear", "groups:2", "tree:2", "Ridge"])
def test_where_nothing_keeps_the_limit_the_list_is_called_that_of_the_least_mpr(name):
    candidates, attributes = problem(3, n=30, m=20)
    query = asked(class_named(name, attributes), candidates, 5)
    answer = method_named("lp").answer(query, 0.0)
    (found,) = settled([Made(parse_limit("0"), "lp", answer, reported=True)], query.limits, ["lp"])
    proof = found.answer.certificate
    assert not proof.meets
    assert proof.least == ("proven" if name in ("linear", "groups:2") else "reached")
    assert proof.mpr == proof.reachable
    words = {"proven": "the least MPR there is is", "reached": "the least MPR reached is"}
    assert words[proof.least] in proof.in_words()
