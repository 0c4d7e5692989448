"""Regressors, signs, kernels and intersections: each against its slow twin and the corrected equations."""

import numpy as np
import pytest
from plugins.mpr.oracle import tilde
from plugins.mpr.seeded import small
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression

from auditkit.errors import UsageError
from auditkit_mpr.classes.kernels import kernel_named, median_width, mmd
from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.classes.regressors import regression_witness, regressor_named, sign_witness
from auditkit_mpr.reference.intersections import Attribute, intersections, memberships, shares_among
from auditkit_mpr.reference.population import population


def retrieved(n, chosen):
    marks = np.zeros(n)
    marks[chosen] = 1
    return marks


def test_a_linear_regressor_finds_the_closed_form():
    items, reference, chosen = small()
    people = population(reference)
    plain = regression_witness(LinearRegression(fit_intercept=False), items, people, retrieved(60, chosen))
    assert plain.value == pytest.approx(0.2432293321, abs=1e-10)
    shifted = regression_witness(LinearRegression(), items, people, retrieved(60, chosen))
    assert shifted.value == pytest.approx(0.2435778853, abs=1e-10)


@pytest.mark.parametrize("name", ["tree", "mlp:8", "Ridge"])
def test_a_regressor_never_shows_more_than_one_and_its_function_is_normalised(name):
    items, reference, chosen = small()
    found = regression_witness(regressor_named(name), items, population(reference), retrieved(60, chosen))
    assert 0 < found.value <= 1
    assert np.square(np.concatenate([found.items, found.reference])).sum() == pytest.approx(8.0)
    assert found.items[chosen].mean() - found.reference.mean() == pytest.approx(found.value)


def test_a_tree_sees_the_intersection_that_linear_functions_cannot():
    cells = np.repeat(np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]), 5, axis=0)
    chosen = np.r_[0:5, 15:20]
    assert linear_class(cells, population(cells)).mpr(chosen) == pytest.approx(0, abs=1e-12)
    found = regression_witness(regressor_named("tree"), cells, population(cells), retrieved(20, chosen))
    assert found.value > 0.3


def test_a_regressor_that_predicts_zero_shows_no_gap():
    items, reference, chosen = small()
    zero = DummyRegressor(strategy="constant", constant=0.0)
    assert regression_witness(zero, items, population(reference), retrieved(60, chosen)).value == 0


def test_an_unknown_regressor_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match="did you mean 'RandomForestRegressor'"):
        regressor_named("RandomForestRegresor")
    with pytest.raises(UsageError, match="not a whole number"):
        regressor_named("tree:x")


def test_a_weighted_reference_needs_a_regressor_that_takes_weights():
    items, reference, chosen = small()
    people = population(reference, np.arange(1, 41))
    assert regression_witness(regressor_named("tree"), items, people, retrieved(60, chosen)).value > 0
    with pytest.raises(UsageError, match="takes no row weights"):
        regression_witness(regressor_named("KNeighborsRegressor"), items, people, retrieved(60, chosen))


def test_least_squares_over_signs_is_minus_twice_the_largest_sum():
    """Eq. 5 with its sign corrected, over all 2^8 functions on eight rows."""
    wanted = tilde(5, 3, [0, 2])
    signs = np.array(np.meshgrid(*[[-1, 1]] * 8)).reshape(8, -1).T
    least = np.square(signs - wanted).sum(axis=1).min()
    assert least == pytest.approx(8 + wanted @ wanted - 2 * (signs @ wanted).max(), abs=1e-12)


def test_a_deep_tree_over_signs_reaches_the_largest_gap_of_distinct_rows():
    """With a function free on every row, +1 on the retrieved and -1 elsewhere shows a gap of 2."""
    items, reference, chosen = small()
    found = sign_witness(
        lambda: regressor_named("tree:30"), items, population(reference), retrieved(60, chosen)
    )
    assert found.value == pytest.approx(2.0)
    assert set(np.unique(found.items)) <= {-1.0, 1.0}


def test_the_kernel_of_the_whitened_rows_gives_the_linear_closed_form():
    """Eq. 53 with 1/m^2 on the reference term; with the printed 1/n^2 the value would be 0.2210803."""
    items, reference, chosen = small()
    stacked = np.concatenate([items, reference])
    inverse = np.linalg.pinv(stacked.T @ stacked)
    found, _ = mmd(lambda x, y: 8.0 * x @ inverse @ y.T, items[chosen], population(reference))
    assert found == pytest.approx(0.2432293321, abs=1e-10)
    square = 8 * np.array(
        [
            [
                items[chosen] @ inverse @ items[chosen].T / 100,
                -2 * items[chosen] @ inverse @ reference.T / 400,
            ],
            [reference @ inverse @ reference.T / 3600, np.zeros(1)],
        ],
        dtype=object,
    )
    printed = square[0, 0].sum() + square[0, 1].sum() + square[1, 0].sum()
    assert np.sqrt(printed) == pytest.approx(0.2210803, abs=1e-7)


def test_the_linear_kernel_gives_the_distance_of_the_means():
    items, reference, chosen = small()
    found, _ = mmd(kernel_named("linear_kernel"), items[chosen], population(reference))
    assert found == pytest.approx(0.9367240, abs=1e-7)
    assert found == pytest.approx(np.linalg.norm(items[chosen].mean(0) - reference.mean(0)), abs=1e-12)


@pytest.mark.parametrize("name", ["rbf", "polynomial"])
def test_a_kernel_discrepancy_equals_three_plain_sums(name):
    items, reference, chosen = small()
    width = median_width(reference)

    def one(x, y):
        return np.exp(-np.sum((x - y) ** 2) / (2 * width**2)) if name == "rbf" else (1 + x @ y) ** 2

    def mean(left, right):
        return np.mean([[one(x, y) for y in right] for x in left])

    kernel = kernel_named(name, width=width)
    found, witness = mmd(kernel, items[chosen], population(reference))
    square = (
        mean(items[chosen], items[chosen]) - 2 * mean(items[chosen], reference) + mean(reference, reference)
    )
    assert found == pytest.approx(np.sqrt(square), abs=1e-10)
    on_items = (
        kernel(items[chosen], items[chosen]).mean(0) - kernel(reference, items[chosen]).mean(0)
    ) / found
    assert on_items.mean() - witness.mean() == pytest.approx(found, abs=1e-10)


def test_a_constant_attribute_has_a_usable_kernel_width():
    assert median_width(np.ones((10, 2))) == 1.0


def gerrymandered():
    codes = [np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])]
    return [
        Attribute(name=name, labels=("a", "b"), items=code, reference=code)
        for name, code in zip(("sex", "race"), codes, strict=True)
    ]


def test_depth_two_finds_the_group_that_single_attributes_hide():
    attributes = gerrymandered()
    shown = {}
    for depth in (1, 2):
        groups = intersections(attributes, depth)
        chosen = shares_among(groups, [a.items[[0, 3]] for a in attributes])
        reference = shares_among(groups, [a.reference for a in attributes])
        shown[depth] = np.abs(chosen - reference).max()
    assert shown == {1: 0.0, 2: 0.25}
    assert "sex=a AND race=b" in {group.name for group in groups}
    assert len(groups) == 8


def test_shares_of_intersections_equal_counting_rows_one_by_one():
    rng = np.random.default_rng(0)
    codes = [rng.integers(-1, size, 50) for size in (2, 3, 4)]
    attributes = [
        Attribute(name=f"a{i}", labels=tuple("wxyz"[: c.max() + 1]), items=c, reference=c)
        for i, c in enumerate(codes)
    ]
    groups = intersections(attributes, 3)
    weights = rng.random(50)
    weights /= weights.sum()
    fast = shares_among(groups, codes, weights)
    inside = memberships(groups, codes)
    for position, group in enumerate(groups):
        rows = [r for r in range(50) if all(codes[p][r] == v for p, v in group.parts)]
        assert fast[position] == pytest.approx(weights[rows].sum(), abs=1e-12)
        assert np.flatnonzero(inside[:, position]).tolist() == rows


def test_too_many_intersections_are_refused():
    attribute = Attribute(
        name="a", labels=tuple(map(str, range(1000))), items=np.zeros(1, int), reference=np.zeros(1, int)
    )
    with pytest.raises(UsageError, match="too many"):
        intersections([attribute, attribute], 2)
