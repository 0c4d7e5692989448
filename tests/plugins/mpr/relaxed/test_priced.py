"""Programs on few columns against those on all, and items with equal rows against each on its own."""

import numpy as np
import pytest

from auditkit_mpr.relaxed.lp import least_above, least_of, one_sided, program
from auditkit_mpr.relaxed.priced import Cuts, alike, priced_least, priced_program
from auditkit_mpr.relaxed.top import top


def made(seed, n=300, j=6, k=10):
    """Functions [n, j] of twenty kinds of items, their means, similarities, and the kind of every item."""
    rng = np.random.default_rng(seed)
    which = rng.integers(0, 20, n)
    which[:20] = np.arange(20)
    cuts = rng.normal(size=(20, j))[which]
    return cuts, rng.normal(size=j) * 0.3, rng.normal(size=n), which, k


@pytest.mark.parametrize("seed", range(5))
def test_the_least_gap_is_the_same_over_cells_over_few_columns_and_over_all(seed):
    cuts, means, similarities, which, k = made(seed)
    expected, entries, _ = least_above(cuts, means, k=k)
    for least, found in (
        priced_least(cuts, means, k=k),
        alike(which, similarities).least(cuts, means, k=k),
    ):
        assert least == pytest.approx(expected, abs=1e-5)
        assert least <= (found @ cuts / k - means).max(initial=0.0) + 1e-9
        assert (found @ cuts / k - means).max(initial=0.0) == pytest.approx(expected, abs=1e-5)
        assert found.sum() == pytest.approx(k, abs=1e-6)
        assert found.max() <= 1 + 1e-9
    assert entries.sum() == pytest.approx(k, abs=1e-6)


def test_of_equal_items_the_most_similar_are_taken_first():
    found = alike(np.array([0, 1, 0, 0, 1]), np.array([0.1, 0.9, 0.5, 0.3, 0.95]))
    assert found.place.tolist() == [2, 1, 0, 1, 0]


@pytest.mark.parametrize("seed", range(5))
def test_an_optimum_on_few_columns_is_that_of_all_and_its_bound_holds(seed):
    cuts, means, similarities, _, k = made(seed)
    limit = least_of(cuts, means, k=k)[0] * 1.5 + 0.02
    whole = one_sided(similarities, cuts, means, k=k, limit=limit)
    start = np.union1d(top(similarities, 30), np.flatnonzero(least_of(cuts, means, k=k)[1] > 0))
    found = priced_program(similarities, cuts, means, k=k, limit=limit, start=start)
    assert found.value == pytest.approx(whole.value, abs=1e-6)
    assert whole.value - 1e-6 <= found.bound <= whole.value + 1e-5


@pytest.mark.parametrize("known", [False, True], ids=["apart", "equal rows known"])
def test_cuts_found_a_few_at_a_time_lead_to_the_optimum_over_all_of_them(known):
    cuts, means, similarities, which, k = made(3, j=40)
    least = least_of(cuts, means, k=k)[0]
    for limit in (least * 1.02 + 1e-4, least * 2):
        grown = Cuts(len(similarities), alike(which, similarities) if known else None)

        def oracle(entries):
            gaps = entries @ cuts / k - means
            order = np.argsort(-np.abs(gaps))[:3]
            return [(abs(gaps[g]), np.sign(gaps[g]) * cuts[:, g], np.sign(gaps[g]) * means[g]) for g in order]

        found = grown.grow(similarities, k=k, limit=limit, oracle=oracle, most=60)
        expected = program(similarities, cuts, means, k=k, limit=limit).value
        assert found.bound >= expected - 1e-6
        assert found.bound == pytest.approx(expected, rel=0.02, abs=0.02)
    assert Cuts(len(similarities)).grow(
        similarities, k=k, limit=0.1, oracle=lambda _: [], most=3
    ).bound == pytest.approx(similarities[top(similarities, k)].sum())


@pytest.mark.parametrize("seed", range(3))
def test_both_sides_of_functions_are_their_own_negatives_asked_one_by_one(seed):
    cuts, means, similarities, _, k = made(seed)
    limit = least_of(cuts, means, k=k)[0] * 1.5 + 0.02
    both = np.concatenate([cuts, -cuts], axis=1), np.concatenate([means, -means])
    assert least_of(cuts, means, k=k)[0] == pytest.approx(least_above(*both, k=k)[0], abs=1e-9)
    assert program(similarities, cuts, means, k=k, limit=limit).value == pytest.approx(
        one_sided(similarities, *both, k=k, limit=limit).value
    )
    grown = Cuts(len(similarities))
    for place in range(len(means)):
        grown.add(cuts[:, place], means[place])
    found = grown.optimum(similarities, k=k, limit=limit)
    assert np.abs(found.entries @ cuts / k - means).max() <= limit + 1e-6
    assert found.value == pytest.approx(program(similarities, cuts, means, k=k, limit=limit).value, abs=1e-6)


def test_a_limit_below_the_least_of_all_functions_has_no_list():
    cuts, means, similarities, which, k = made(1, j=12)
    grown = Cuts(len(similarities), alike(which, similarities))
    for g in range(12):
        grown.add(cuts[:, g], means[g])
    least, _ = grown.least(k=k)
    assert least == pytest.approx(least_of(cuts, means, k=k)[0], abs=1e-6)
    assert grown.optimum(similarities, k=k, limit=0.9 * least) is None
    assert grown.optimum(similarities, k=k, limit=1.1 * least) is not None
