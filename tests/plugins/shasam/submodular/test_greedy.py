import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plugins.shasam.oracle import (
    best_of_all,
    blobs,
    conditional_mutual,
    determinant,
    facility,
    gain,
    greedy,
    mutual,
)

from auditkit import UsageError
from auditkit_shasam.submodular import (
    Coverage,
    Determinant,
    DeterminantInformation,
    coverage,
    from_features,
    from_kernel,
    lazy_greedy,
    naive_greedy,
    stochastic_greedy,
)
from auditkit_shasam.submodular import greedy as greedy_module
from auditkit_shasam.submodular.kernel import cosine_kernel


def problem(seed, n=24):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, 5))
    items = rng.permutation(n)
    return points, tuple(items[:3].tolist()), tuple(items[3:6].tolist()), np.sort(items[6:])


def objectives(seed):
    """Every objective twice: grown item by item, and as a function of a whole set by definition."""
    points, first, second, candidates = problem(seed)
    clamped, raw = cosine_kernel(points), cosine_kernel(points, policy="raw")
    similar = from_kernel(clamped)

    def f(items):
        return facility(clamped, items)

    def g(items):
        return determinant(raw, items)

    return candidates, [
        (Coverage(similar), f),
        (Coverage(similar, given=first), lambda s: gain(f, s, first)),
        (Coverage(similar, query=first), lambda s: mutual(f, s, first)),
        (Coverage(similar, query=first, given=second), lambda s: conditional_mutual(f, s, first, second)),
        (Determinant(points), g),
        (Determinant(points, given=first), lambda s: gain(g, s, first)),
        (DeterminantInformation(points, query=first), lambda s: mutual(g, s, first)),
        (
            DeterminantInformation(points, query=first, given=second),
            lambda s: conditional_mutual(g, s, first, second),
        ),
    ]


@given(seed=st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_gains_sum_to_the_definition_and_bounds_lie_above_gains(seed):
    candidates, pairs = objectives(seed)
    for objective, value in pairs:
        objective.gains(candidates)  # what has been seen once is bounded from memory
        taken = ()
        for item in candidates[:4].tolist():
            gains, bounds = objective.gains(candidates), objective.bounds(candidates)
            assert (bounds >= gains - 1e-12).all()
            before = value(taken)
            twin = [value((*taken, j)) - before for j in candidates[4:].tolist()]
            np.testing.assert_allclose(gains[4:], twin, atol=1e-8)
            assert objective.add(item) == pytest.approx(value((*taken, item)) - before, abs=1e-8)
            taken = (*taken, item)


def test_lazy_equals_naive_for_the_facility_location_family_on_200_problems():
    for seed in range(50):
        for index in range(4):
            candidates, pairs = objectives(seed)
            naive = naive_greedy(pairs[index][0], 6, candidates=candidates)
            lazy = lazy_greedy(objectives(seed)[1][index][0], 6, candidates=candidates)
            np.testing.assert_array_equal(lazy.items, naive.items)
            np.testing.assert_array_equal(lazy.gains, naive.gains)


def test_lazy_equals_naive_for_log_determinant_and_its_information():
    for seed in range(20):
        for index in range(4, 8):
            candidates, pairs = objectives(seed)
            naive = naive_greedy(pairs[index][0], 6, candidates=candidates)
            lazy = lazy_greedy(objectives(seed)[1][index][0], 6, candidates=candidates)
            np.testing.assert_array_equal(lazy.items, naive.items)


def test_gains_of_log_determinant_information_can_rise_so_that_stale_ones_bound_nothing():
    rose = 0
    for seed in range(30):
        points, first, _, candidates = problem(seed)
        information = DeterminantInformation(points, query=first)
        before = information.gains(candidates)
        information.add(int(candidates[0]))
        rose += bool((information.gains(candidates)[1:] > before[1:] + 1e-9).any())
    assert rose > 10


def test_greedy_is_the_greedy_of_the_definition():
    points = problem(5, n=12)[0]
    kernel = cosine_kernel(points)
    chosen = greedy(lambda s: facility(kernel, s), 12, 4)
    # Two rows that are each other's nearest add the same, and rounding decides: values are compared.
    assert naive_greedy(Coverage(from_kernel(kernel)), 4).value == pytest.approx(facility(kernel, chosen))
    raw = cosine_kernel(points, policy="raw")
    chosen = greedy(lambda s: determinant(raw, s), 12, 4)
    assert naive_greedy(Determinant(points), 4).value == pytest.approx(determinant(raw, chosen))
    assert naive_greedy(Determinant(points), 4).items[0] == 0  # all first gains are equal


def test_greedy_reaches_its_bound_of_the_best_set():
    for seed in range(10):
        kernel = cosine_kernel(problem(seed, n=12)[0])
        best = best_of_all(lambda s: facility(kernel, s), 12, 3)  # noqa: B023
        assert lazy_greedy(Coverage(from_kernel(kernel)), 3).value >= (1 - 1 / np.e) * best


def test_stochastic_greedy_comes_within_5_percent_of_greedy_on_average():
    kernel = from_kernel(cosine_kernel(blobs(300, d=16)))
    exact = lazy_greedy(Coverage(kernel), 16).value
    rng = np.random.default_rng(0)
    values = [stochastic_greedy(Coverage(kernel), 16, rng=rng).value for _ in range(20)]
    assert 0.95 <= np.mean(values) / exact <= 1
    assert stochastic_greedy(Coverage(kernel), 16, rng=rng).evaluations < 300 * np.log(10) + 16


@pytest.mark.parametrize("optimise", [naive_greedy, lazy_greedy])
def test_ties_go_to_the_lowest_index(optimise):
    same = np.ones((6, 3))
    assert optimise(Coverage(from_kernel(cosine_kernel(same))), 3).items.tolist() == [0, 1, 2]
    assert optimise(Determinant(np.eye(6)), 3).items.tolist() == [0, 1, 2]


@pytest.mark.parametrize("room", [0, 10**6])
def test_ties_that_old_gains_hide_go_to_the_lowest_index(monkeypatch, room):
    monkeypatch.setattr(coverage, "KEPT_BYTES", room)
    monkeypatch.setattr(greedy_module, "EVALUATED", 1)
    kernel = np.array(
        [[1, 0.5, 0], [1, 0, 0.25], [0, 1, 0], [0, 0, 1]]
    )  # first gains 2, 1.5, 1.25; then 1 and 1
    assert lazy_greedy(Coverage(from_kernel(kernel)), 2).items.tolist() == [0, 1]
    swapped = lazy_greedy(Coverage(from_kernel(kernel[:, [0, 2, 1]])), 2)
    assert swapped.items.tolist() == [0, 1]


@pytest.mark.parametrize(("n", "objective"), [(500, 309.9290868), (1000, 622.5685801)])
def test_the_seeded_objectives_of_the_method_page(n, objective):
    found = lazy_greedy(Coverage(from_features(blobs(n))), 16)
    assert found.value == pytest.approx(objective, abs=1e-6)
    if n == 1000:
        assert found.items[:5].tolist() == [6, 931, 651, 796, 688]


def test_single_precision_selects_as_well_as_double():
    points = blobs(1000)
    double = lazy_greedy(Coverage(from_features(points)), 16)
    single = lazy_greedy(Coverage(from_features(points.astype(np.float32))), 16)
    assert single.value == pytest.approx(double.value, rel=1e-6)


@pytest.mark.parametrize("given_and_query", [{}, {"given": (1, 2)}, {"query": (3, 4)}])
@pytest.mark.parametrize("kept_rows", [0, 30, 200])
def test_with_little_room_to_keep_similarities_the_selection_is_the_same(
    monkeypatch, kept_rows, given_and_query
):
    points = blobs(200, d=16)
    every = Coverage(from_features(points), **given_and_query)
    monkeypatch.setattr(coverage, "KEPT_BYTES", 2 * 200 * kept_rows)
    some = Coverage(from_features(points), **given_and_query)
    others = np.arange(5, 200)
    first, second = lazy_greedy(every, 10, candidates=others), lazy_greedy(some, 10, candidates=others)
    assert second.items.tolist() == first.items.tolist()
    assert second.value == pytest.approx(first.value)
    if kept_rows == 200:  # bounds from kept similarities spare products: one pass over all, and little more
        assert second.evaluations < 800


def test_shifted_cosines_are_streamed_like_the_kernel():
    points = problem(3)[0]
    streamed = lazy_greedy(Coverage(from_features(points, policy="shift")), 5)
    held = lazy_greedy(Coverage(from_kernel(cosine_kernel(points, policy="shift"))), 5)
    assert streamed.items.tolist() == held.items.tolist()
    assert streamed.value == pytest.approx(held.value)


def test_covered_rows_may_be_others_than_the_items():
    points = problem(3)[0]
    kernel = cosine_kernel(points)
    streamed = naive_greedy(Coverage(from_features(points[:10], points[10:])), 3)
    chosen = greedy(lambda s: facility(kernel[10:], s), 10, 3)
    assert streamed.items.tolist() == chosen


def test_a_budget_beyond_the_candidates_takes_them_all_and_one_below_1_is_refused():
    kernel = from_kernel(np.eye(4))
    assert sorted(lazy_greedy(Coverage(kernel), 9, candidates=[1, 3]).items.tolist()) == [1, 3]
    with pytest.raises(UsageError, match="budget of at least 1, got 0"):
        lazy_greedy(Coverage(kernel), 0)


def test_repeated_rows_keep_the_factor_above_its_ridge():
    twins = np.repeat(problem(1)[0][:2], 8, axis=0)
    found = naive_greedy(Determinant(twins, ridge=1e-12), 10)
    assert np.isfinite(found.gains).all()
    assert len(set(found.items.tolist())) == 10
