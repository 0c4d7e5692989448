"""Regressors and signs, each against its slow twin and the corrected equations."""

import numpy as np
import pytest
from plugins.mpr.fits import shown_by
from plugins.mpr.oracle import tilde
from plugins.mpr.seeded import small
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression

from auditkit.errors import UsageError
from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.classes.regressors import regression_function, regressor_named, sign_function
from auditkit_mpr.reference.population import population


def retrieved(n, chosen):
    marks = np.zeros(n)
    marks[chosen] = 1
    return marks


def test_a_linear_regressor_finds_the_closed_form():
    items, reference, chosen = small()
    people = population(reference)
    plain = shown_by(
        regression_function, LinearRegression(fit_intercept=False), items, people, retrieved(60, chosen)
    )
    assert plain.value == pytest.approx(0.2432293321, abs=1e-10)
    shifted = shown_by(regression_function, LinearRegression(), items, people, retrieved(60, chosen))
    assert shifted.value == pytest.approx(0.2435778853, abs=1e-10)


@pytest.mark.parametrize("name", ["tree", "mlp:8", "Ridge"])
def test_a_regressor_never_shows_more_than_one_and_its_function_is_normalised(name):
    items, reference, chosen = small()
    found = shown_by(
        regression_function, regressor_named(name), items, population(reference), retrieved(60, chosen)
    )
    assert 0 < found.value <= 1
    assert np.square(np.concatenate([found.items, found.reference])).sum() == pytest.approx(8.0)
    assert found.items[chosen].mean() - found.reference.mean() == pytest.approx(found.value)


def test_a_tree_sees_the_intersection_that_linear_functions_cannot():
    cells = np.repeat(np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]), 5, axis=0)
    chosen = np.r_[0:5, 15:20]
    assert linear_class(cells, population(cells)).mpr(chosen) == pytest.approx(0, abs=1e-12)
    found = shown_by(
        regression_function, regressor_named("tree"), cells, population(cells), retrieved(20, chosen)
    )
    assert found.value > 0.3


def test_a_regressor_that_predicts_zero_shows_no_gap():
    items, reference, chosen = small()
    zero = DummyRegressor(strategy="constant", constant=0.0)
    assert shown_by(regression_function, zero, items, population(reference), retrieved(60, chosen)).value == 0


def test_an_unknown_regressor_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match="did you mean 'RandomForestRegressor'"):
        regressor_named("RandomForestRegresor")
    with pytest.raises(UsageError, match="not a whole number"):
        regressor_named("tree:x")


def test_a_weighted_reference_needs_a_regressor_that_takes_weights():
    items, reference, chosen = small()
    people = population(reference, np.arange(1, 41))
    assert (
        shown_by(regression_function, regressor_named("tree"), items, people, retrieved(60, chosen)).value > 0
    )
    with pytest.raises(UsageError, match="takes no row weights"):
        shown_by(
            regression_function, regressor_named("KNeighborsRegressor"), items, people, retrieved(60, chosen)
        )


def test_least_squares_over_signs_is_minus_twice_the_largest_sum():
    """Eq. 5 with its sign corrected, over all 2^8 functions on eight rows."""
    wanted = tilde(5, 3, [0, 2])
    signs = np.array(np.meshgrid(*[[-1, 1]] * 8)).reshape(8, -1).T
    least = np.square(signs - wanted).sum(axis=1).min()
    assert least == pytest.approx(8 + wanted @ wanted - 2 * (signs @ wanted).max(), abs=1e-12)


def test_a_deep_tree_over_signs_reaches_the_largest_gap_of_distinct_rows():
    """With a function free on every row, +1 on the retrieved and -1 elsewhere shows a gap of 2."""
    items, reference, chosen = small()
    found = shown_by(
        sign_function, lambda: regressor_named("tree:30"), items, population(reference), retrieved(60, chosen)
    )
    assert found.value == pytest.approx(2.0)
    assert set(np.unique(found.items)) <= {-1.0, 1.0}
