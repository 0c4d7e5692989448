"""The two other exact searches: the naive one of the plane, and that of three dimensions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plugins.minoria.oracle import plain_skew
from plugins.minoria.seeded import minoria_2d

from auditkit_minoria.directions.skew import skews
from auditkit_minoria.directions.space import peaks_of_points
from auditkit_minoria.directions.unit import unit

pytestmark = pytest.mark.slow

TOY = np.array([[0.5, 1.5], [1.0, 0.75], [2.0, 1.0]])


def rng(seed=6):
    return np.random.default_rng(seed)


def largest(found):
    return float(np.abs(found.skews).max(initial=0.0))


def space(n, seed=0):
    source = rng(seed)
    points = source.normal(size=(n, 3))
    points[: n // 10] += [3.0, 1.0, -2.0]
    points[:, 1] += source.exponential(size=n)
    return points


def best_of_all_directions(points):
    """The largest |skew| at every closed form of the medians of all rows: slow, and blind to where they are valid."""
    n = len(points)
    centred = points - points.mean(axis=0)
    spread = np.linalg.inv(centred.T @ centred / n)
    medians = [(centred[i] + centred[j]) / 2 for i in range(n) for j in range(i + 1)]
    gaps = [points[i] - points[j] for i in range(n) for j in range(i)]
    tried = [spread @ m for m in medians]
    # The best f on the plane e'f = 0 for the median m: spread^-1 m without its part along e, in that metric.
    tried += [spread @ m - (e @ spread @ m) / (e @ spread @ e) * (spread @ e) for m in medians for e in gaps]
    tried += [np.cross(a, b) for i, a in enumerate(gaps) for b in gaps[:i]]
    return float(np.abs(skews(points, unit(np.array(tried)))).max())


@pytest.mark.parametrize("n", [4, 5, 6, 7])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_exact_search_of_space_is_the_best_of_all_closed_forms(n, seed):
    points = rng(seed).exponential(size=(n, 3)) * [1.0, 10.0, 0.1]
    assert largest(peaks_of_points(points)) == pytest.approx(best_of_all_directions(points), abs=1e-9)


@pytest.mark.parametrize("n", [51, 200])
def test_no_scan_of_space_goes_above_the_exact_search_and_a_fine_one_comes_near(n):
    points = space(n)
    found = peaks_of_points(points)
    scan = unit(rng(1).normal(size=(60_000, 3)))
    scanned = float(np.abs(skews(points, scan)).max())
    assert largest(found) - 0.03 < scanned <= largest(found) + 1e-12
    assert found.skews == pytest.approx(skews(points, found.directions), abs=1e-9)


def test_vertices_alone_are_not_enough_in_space():
    """The paper's Algorithm 2 would miss the best direction of these rows: it lies inside a face of its region."""
    missed = 0
    for seed in range(12):
        points = rng(seed).exponential(size=(7, 3))
        gaps = [points[i] - points[j] for i in range(7) for j in range(i)]
        corners = unit(np.array([np.cross(a, b) for i, a in enumerate(gaps) for b in gaps[:i]]))
        missed += np.abs(skews(points, corners)).max() < largest(peaks_of_points(points)) - 1e-6
    assert missed > 0


@given(seed=st.integers(0, 10**6), n=st.integers(3, 25))
@settings(max_examples=25, deadline=None)
def test_rotating_scaling_and_shifting_space_change_nothing(seed, n):
    points = rng(seed).integers(-2, 3, size=(n, 3)).astype(float)
    turn = np.linalg.qr(rng(seed + 1).normal(size=(3, 3)))[0]
    one = largest(peaks_of_points(points))
    other = largest(peaks_of_points(3.0 * points @ turn + 7.0))
    # Lattice points meet in one direction by the dozen; there the search stops at squares of 1e-8.
    assert one == pytest.approx(other, abs=1e-6)
    scan = unit(rng(2).normal(size=(500, 3)))
    assert np.abs(skews(points, scan)).max(initial=0.0) <= one + 1e-7


def test_points_of_a_plane_or_a_line_or_all_equal_are_searched_where_they_are():
    flat = np.column_stack([minoria_2d(200), np.zeros(200)]) @ np.linalg.qr(rng().normal(size=(3, 3)))[0]
    assert largest(peaks_of_points(flat)) == pytest.approx(0.824373, abs=1e-6)
    line = np.outer(rng().exponential(size=50), [1.0, 2.0, 3.0])
    assert largest(peaks_of_points(line)) == pytest.approx(abs(plain_skew(line[:, 0])), abs=1e-9)
    assert len(peaks_of_points(np.ones((5, 3))).skews) == 0
