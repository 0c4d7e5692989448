import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from plugins.minoria.oracle import largest_by_trying_all, meeting_angles, plain_skew, skew_at, walk
from plugins.minoria.seeded import minoria_2d

from auditkit_minoria.directions.skew import skews
from auditkit_minoria.directions.sweep import sweep

TOY = np.array([[0.5, 1.5], [1.0, 0.75], [2.0, 1.0]])
GRID = arrays(np.float64, st.tuples(st.integers(1, 12), st.just(2)), elements=st.integers(-3, 3).map(float))
REAL = st.tuples(st.integers(2, 16), st.integers(0, 10**6)).map(
    lambda shape: np.random.default_rng(shape[1]).exponential(size=(shape[0], 2)) * [1.0, 50.0]
)


def largest(points, **options):
    return float(np.abs(sweep(points, **options).skews).max())


def assert_skews_are_where_they_are_said_to_be(points, found):
    for angle, skew in zip(found.angles, found.skews, strict=True):
        assert skew == pytest.approx(skew_at(points, angle), abs=1e-8)


def test_toy_points_meet_where_the_paper_says():
    met = np.degrees(meeting_angles(TOY))
    assert met == pytest.approx([33.690068, 71.565051, 104.036243], abs=1e-6)


def test_the_toys_largest_skew_is_three_over_root_two_at_each_meeting():
    found = sweep(TOY)
    assert largest(TOY) == pytest.approx(2.1213203436, abs=1e-10)
    for angle in meeting_angles(TOY):
        bin_ = int(angle / np.pi * 720)
        assert abs(found.skews[bin_]) == pytest.approx(3 / np.sqrt(2), abs=1e-10)
        assert found.angles[bin_] == pytest.approx(angle, abs=1e-10)
    first = np.abs(found.skews[:360]).argmax()
    assert np.degrees(found.angles[first]) == pytest.approx(33.690068, abs=1e-5)


@pytest.mark.parametrize(
    ("n", "skew", "angle"),
    [(200, 0.824373, 126.408), (201, 0.879133, 139.329), (500, 0.740468, 110.311), (1000, 0.762595, 122.946)],
)
def test_reference_maxima(n, skew, angle):
    found = sweep(minoria_2d(n))
    assert abs(found.skews[found.best]) == pytest.approx(skew, abs=1e-6)
    assert np.degrees(found.angles[found.best]) == pytest.approx(angle, abs=1e-3)


@pytest.mark.parametrize("n", [20, 21, 200, 201, 500, 501])
def test_the_sweep_agrees_with_the_plain_walk_of_the_median(n):
    points = minoria_2d(n, seed=3)
    found, (size, signed, angle, _) = sweep(points), walk(points)
    assert found.skews[found.best] == pytest.approx(signed, abs=1e-9)
    assert abs(signed) == size
    assert found.angles[found.best] == pytest.approx(angle, abs=1e-9)


def test_every_bin_holds_the_largest_of_a_fine_scan_of_it_and_no_less():
    points = minoria_2d(300, seed=5)
    found = sweep(points, bins=90)
    scan = np.linspace(0, np.pi, 90 * 40, endpoint=False)
    sizes = np.abs(skews(points, np.stack([np.cos(scan), np.sin(scan)], axis=1))).reshape(90, 40).max(axis=1)
    assert (np.abs(found.skews) >= sizes - 1e-12).all()
    assert (np.abs(found.skews) <= sizes + 0.1).all()
    assert_skews_are_where_they_are_said_to_be(points, found)
    edges = np.linspace(0, np.pi, 91)
    assert ((edges[:-1] <= found.angles) & (found.angles <= edges[1:]) & (found.angles < np.pi)).all()


@settings(max_examples=60, deadline=None)
@given(GRID, st.sampled_from([1, 2, 7, 60]))
def test_ties_duplicates_and_lines_are_as_when_everything_is_tried(points, bins):
    found = sweep(points, bins=bins)
    assert np.abs(found.skews).max() == pytest.approx(largest_by_trying_all(points), abs=1e-9)
    assert_skews_are_where_they_are_said_to_be(points, found)


@settings(max_examples=40, deadline=None)
@given(REAL)
def test_real_numbers_are_as_when_everything_is_tried(points):
    assert largest(points, bins=12) == pytest.approx(largest_by_trying_all(points), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(REAL, st.integers(0, 9), st.sampled_from([0.5, 4.0, 1000.0]), st.integers(1, 4))
def test_flip_shift_scale_order_and_copies_change_nothing(points, seed, scale, copies):
    expected = largest(points, bins=30)
    rng = np.random.default_rng(seed)
    assert largest(-points, bins=30) == pytest.approx(expected, abs=1e-9)
    assert largest(points * scale + rng.normal(size=2), bins=30) == pytest.approx(expected, abs=1e-9)
    assert largest(points @ rng.normal(size=(2, 2)), bins=30) == pytest.approx(expected, abs=1e-6)
    assert largest(rng.permutation(points), bins=30) == pytest.approx(expected, abs=1e-9)
    assert largest(np.repeat(points, copies, axis=0), bins=30) == pytest.approx(
        expected
        if copies % 2 == len(points) % 2 == 1
        else largest_by_trying_all(np.repeat(points, copies, axis=0)),
        abs=1e-9,
    )
    assert expected <= 3


def test_turning_the_points_turns_the_best_angle():
    points = minoria_2d(201)
    turn = 0.7
    turned = points @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    before, after = sweep(points), sweep(turned)
    assert (after.angles[after.best] - before.angles[before.best]) % np.pi == pytest.approx(turn, abs=1e-9)


def test_no_sampled_search_finds_more():
    points = minoria_2d(777, seed=2)
    angles = np.random.default_rng(0).uniform(0, np.pi, 4000)
    sampled = np.abs(skews(points, np.stack([np.cos(angles), np.sin(angles)], axis=1)))
    assert largest(points) >= sampled.max()
    assert largest(points) == pytest.approx(sampled.max(), abs=0.01)


def test_the_closed_form_inside_a_region_is_found():
    points = minoria_2d(501)
    angle = np.deg2rad(-42.887) % np.pi
    fine = sweep(points, bins=180_000)
    near = np.abs(fine.angles - angle) < np.deg2rad(0.01)
    place = np.flatnonzero(near)[np.abs(fine.skews[near]).argmax()]
    assert abs(fine.skews[place]) == pytest.approx(0.7216992774, abs=1e-9)
    centred = points - points.mean(axis=0)
    order = np.argsort(centred @ [np.cos(fine.angles[place]), np.sin(fine.angles[place])])
    median = centred[order[250]]
    assert abs(fine.skews[place]) == pytest.approx(
        3 * np.sqrt(501 * median @ np.linalg.solve(centred.T @ centred, median)), abs=1e-12
    )


@pytest.mark.parametrize("points", [[[3.0, 4.0]], [[0.1, 0.2]] * 5, [[1.0, 2.0], [5.0, -1.0]]])
def test_one_point_equal_points_and_two_points_have_no_skew(points):
    found = sweep(np.array(points))
    assert not found.skews.any()
    assert found.angles.shape == found.skews.shape == (720,)


@pytest.mark.parametrize("bins", [1, 7, 720])
@pytest.mark.parametrize("line", [(1.0, 0.0), (0.0, 1.0), (1.0, 3.0), (-2.0, 0.1)])
def test_points_on_a_line_have_one_size_of_skew_in_every_bin(bins, line):
    places = np.array([0.0, 0.1, 0.2, 0.3, 2.0])
    points = np.outer(places, line) + np.array([0.7, -0.2])
    found = sweep(points, bins=bins)
    assert np.abs(found.skews) == pytest.approx([abs(plain_skew(places))] * bins, abs=1e-9)
    assert_skews_are_where_they_are_said_to_be(points, found)
    angles = found.angles[np.argmin(np.abs(found.angles - np.arctan2(line[1], line[0]) % np.pi))]
    assert angles == pytest.approx(np.arctan2(line[1], line[0]) % np.pi, abs=1e-9)


def test_heavily_repeated_rows_cost_as_much_as_the_distinct_ones():
    rng = np.random.default_rng(0)
    distinct = rng.integers(0, 12, size=(60, 2)).astype(float)
    points = distinct[rng.integers(0, 60, size=40_000)]
    found = sweep(points)
    assert found.regions < 5000
    scan = np.linspace(0, np.pi, 300)
    assert (
        np.abs(skews(points, np.stack([np.cos(scan), np.sin(scan)], axis=1)))
        <= np.abs(found.skews).max() + 1e-9
    ).all()
