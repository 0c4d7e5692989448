import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from plugins.minoria.oracle import plain_skew

from auditkit_minoria.directions import skew as module
from auditkit_minoria.directions.skew import pearson_skew, skews

TOY = np.array([[0.5, 1.5], [1.0, 0.75], [2.0, 1.0]])
VALUES = arrays(np.float64, st.integers(1, 40), elements=st.integers(-50, 50).map(float))


def test_the_toy_projects_and_skews_as_in_the_paper():
    projection = TOY @ np.array([np.sqrt(0.5), np.sqrt(0.5)])
    assert projection == pytest.approx([1.4142136, 1.2374369, 2.1213203], abs=1e-7)
    assert pearson_skew(projection) == pytest.approx(1.3887301497, abs=1e-10)


def test_two_equal_values_and_an_outlier_have_skew_three_over_root_two():
    assert pearson_skew(np.array([1.0, 1.0, 2.0])) == pytest.approx(3 / np.sqrt(2), abs=1e-12)
    assert pearson_skew(np.array([1.0, 2.0, 2.0])) == pytest.approx(-3 / np.sqrt(2), abs=1e-12)


@pytest.mark.parametrize("values", [[0.1] * 7, [0.0], [1e300] * 3, [-0.3] * 1000])
def test_equal_values_have_skew_zero(values):
    assert pearson_skew(np.array(values)) == 0.0


def test_no_values_have_skew_zero():
    assert pearson_skew(np.array([])) == 0.0


def test_a_constant_column_has_skew_zero_under_a_projection_that_rounds():
    points = np.tile(np.array([[0.1, 0.7, 1e6]]), (1001, 1))
    assert np.array_equal(skews(points, np.array([[0.3, 0.3, 0.9], [0.0, 1.0, 0.0]])), [0.0, 0.0])


def test_a_large_offset_costs_no_digits():
    values = np.random.default_rng(0).exponential(size=501)
    assert pearson_skew(values + 2.0**30) == pytest.approx(plain_skew(values), abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_skew_is_the_textbook_formula_and_never_above_three(values):
    found = pearson_skew(values)
    assert found == pytest.approx(plain_skew(values), abs=1e-9)
    assert abs(found) <= 3


@settings(max_examples=40, deadline=None)
@given(VALUES, st.floats(0.01, 100), st.floats(-100, 100), st.integers(0, 9))
def test_sign_flip_shift_scale_order_and_duplication(values, scale, shift, seed):
    found = pearson_skew(values)
    assert pearson_skew(-values) == pytest.approx(-found, abs=1e-9)
    assert pearson_skew(values * scale + shift) == pytest.approx(found, abs=1e-7)
    assert pearson_skew(np.random.default_rng(seed).permutation(values)) == pytest.approx(found, abs=1e-9)
    if len(values) % 2:
        assert pearson_skew(np.repeat(values, 3)) == pytest.approx(found, abs=1e-9)


def test_its_input_is_left_as_it_was():
    values = np.array([3.0, 1.0, 2.0, 9.0])
    pearson_skew(values)
    assert values.tolist() == [3.0, 1.0, 2.0, 9.0]


@pytest.mark.parametrize("cells", [1, 500, 1 << 21])
def test_many_directions_are_one_after_the_other_whatever_the_chunk(cells, monkeypatch):
    monkeypatch.setattr(module, "CELLS_AT_ONCE", cells)
    rng = np.random.default_rng(1)
    for n in (1, 2, 100, 101):
        points, directions = rng.exponential(size=(n, 3)), rng.normal(size=(17, 3))
        assert skews(points, directions) == pytest.approx(
            [plain_skew(points @ f) for f in directions], abs=1e-9
        )


def test_no_directions_have_no_skews():
    assert skews(np.ones((4, 2)), np.zeros((0, 2))).shape == (0,)
