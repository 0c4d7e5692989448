"""Linear MPR: the closed form, its identities, its ceiling, and what rank truncation protects."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plugins.mpr.oracle import mpr_by_least_squares, mpr_by_svd, tilde
from plugins.mpr.seeded import integer_toy, small

from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.reference.population import BLOCK, gram, population


def value(items, reference, chosen, **options):
    return linear_class(np.asarray(items), population(np.asarray(reference)), **options).mpr(
        np.asarray(chosen)
    )


def test_the_closed_form_equals_the_decomposition_of_all_rows_and_the_least_squares_fit():
    items, reference, chosen = small()
    found = value(items, reference, chosen)
    assert found == pytest.approx(0.2432293321, abs=1e-10)
    assert found == pytest.approx(mpr_by_svd(items, reference, chosen), abs=1e-12)
    assert found == pytest.approx(mpr_by_least_squares(items, reference, chosen), abs=1e-12)


def test_an_intercept_is_a_column_of_ones():
    items, reference, chosen = small()
    ones = [np.column_stack([rows, np.ones(len(rows))]) for rows in (items, reference)]
    found = value(items, reference, chosen, intercept=True)
    assert found == pytest.approx(0.2435778853, abs=1e-10)
    assert found == pytest.approx(value(*ones, chosen), abs=1e-12)


def test_a_column_that_others_determine_changes_nothing():
    items, reference, chosen = small()
    wider = [np.column_stack([rows, rows[:, 0] - rows[:, 1]]) for rows in (items, reference)]
    assert value(*wider, chosen) == pytest.approx(0.2432293321, abs=1e-10)
    assert linear_class(wider[0], population(wider[1])).items.shape[1] == 5


def test_units_of_the_attributes_do_not_matter():
    items, reference, chosen = small()
    factors = np.array([1e-6, 1.0, 1e6, 3.0, 1e-3])
    assert value(items * factors, reference * factors, chosen) == pytest.approx(0.2432293321, abs=1e-9)


def test_an_invertible_mix_of_the_attributes_changes_nothing_and_fewer_attributes_show_less():
    items, reference, chosen = small()
    mix = np.random.default_rng(1).normal(size=(5, 5))
    assert value(items @ mix, reference @ mix, chosen) == pytest.approx(0.2432293321, abs=1e-10)
    assert value(items[:, :2], reference[:, :2], chosen) == pytest.approx(0.1927611, abs=1e-7)


def test_the_order_of_items_does_not_matter():
    items, reference, chosen = small()
    order = np.random.default_rng(2).permutation(60)
    place = np.argsort(order)
    assert value(items[order], reference, place[chosen]) == pytest.approx(0.2432293321, abs=1e-10)


def test_the_reference_itself_has_no_gap():
    items, _, _ = small()
    assert value(items, items, np.arange(60)) == pytest.approx(0, abs=1e-12)


def test_one_attribute_of_two_values_gives_one_over_root_six():
    assert value([[1], [1], [-1], [-1]], [[1], [-1], [1], [-1]], [0, 1]) == pytest.approx(
        0.4082482905, abs=1e-10
    )


def test_linear_functions_cannot_see_a_missing_intersection_but_a_product_column_can():
    cells = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    assert value(cells, cells, [0, 3]) == pytest.approx(0, abs=1e-12)
    product = np.column_stack([cells, cells[:, 0] * cells[:, 1]])
    assert value(product, product, [0, 3]) == pytest.approx(0.4082482905, abs=1e-10)


def test_constant_and_empty_columns_are_harmless():
    items, reference, chosen = small()
    wider = [np.column_stack([rows, np.zeros(len(rows))]) for rows in (items, reference)]
    assert value(*wider, chosen) == pytest.approx(0.2432293321, abs=1e-10)
    assert value(np.zeros((5, 2)), np.zeros((4, 2)), [0, 1]) == 0
    assert value(np.ones((5, 1)), np.ones((4, 1)), [0, 1]) == pytest.approx(0, abs=1e-12)


def test_weights_count_as_repeated_rows_and_only_their_ratio_matters():
    items, reference, chosen = small()
    times = np.random.default_rng(4).integers(1, 4, size=40)
    repeated = population(np.repeat(reference, times, axis=0))
    weighted = population(reference, times, size=times.sum())
    expected = linear_class(items, repeated).mpr(chosen)
    assert linear_class(items, weighted).mpr(chosen) == pytest.approx(expected, abs=1e-12)
    scaled = [linear_class(items, population(reference, times * factor)).mpr(chosen) for factor in (1, 7.5)]
    assert scaled[0] == pytest.approx(scaled[1], abs=1e-12)


def test_the_witness_is_normalised_and_shows_the_gap():
    items, reference, chosen = small()
    linear = linear_class(items, population(reference))
    weights = linear.weights(chosen)
    values = np.concatenate([items, reference]) @ weights
    assert values @ values == pytest.approx(40 * 10 / 50, abs=1e-9)
    assert values @ tilde(60, 40, chosen) == pytest.approx(linear.mpr(chosen), abs=1e-12)


def test_a_gram_matrix_of_bytes_over_several_blocks_is_exact():
    rows = np.random.default_rng(0).integers(0, 255, size=(BLOCK + 100, 3)).astype(np.uint8)
    wide = rows.astype(np.int64)
    assert np.array_equal(gram(rows), (wide.T @ wide).astype(float))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.booleans())
def test_mpr_stays_in_zero_to_one_and_equals_the_slow_form_on_zero_one_data(seed, width, intercept):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(2, 30, size=2)
    k = int(rng.integers(1, n + 1))
    items, reference = rng.integers(0, 2, (n, width)), rng.integers(0, 2, (m, width))
    chosen = rng.choice(n, k, replace=False)
    found = value(items, reference, chosen, intercept=intercept)
    extra = [np.column_stack([r, np.ones(len(r))]) if intercept else r for r in (items, reference)]
    slow = mpr_by_svd(*extra, chosen) if np.any(np.concatenate(extra)) else 0.0
    assert 0 <= found <= 1
    assert found == pytest.approx(slow, abs=1e-9)


@pytest.mark.parametrize(("n", "expected"), [(10_000, 0.0997509), (100_000, 0.0425339)])
def test_the_ceiling_of_one_attribute_depends_on_the_number_of_items(n, expected):
    """All retrieved +1 and all of the reference -1: the paper's "independent of dataset size" is false in n."""
    items = np.ones((n, 1))
    linear = linear_class(items, population(-np.ones((10_000, 1))))
    assert linear.ceiling(50) == pytest.approx(expected, abs=1e-7)
    assert linear.mpr(np.arange(50)) == pytest.approx(expected, abs=1e-7)


def test_no_set_of_items_exceeds_the_ceiling():
    from itertools import combinations

    items, reference, _ = integer_toy()
    top = max(mpr_by_svd(items, reference, list(chosen)) for chosen in combinations(range(12), 4))
    bound = linear_class(items, population(reference)).ceiling(4)
    assert top <= bound <= 1.3 * top
