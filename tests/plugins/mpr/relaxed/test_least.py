"""The nearest relaxed list against a solver that knows nothing of Wolfe's algorithm, and its steps one by one."""

import numpy as np
import pytest
from scipy.optimize import minimize

from auditkit_mpr.relaxed.floor import floor_of
from auditkit_mpr.relaxed.least import _affine_shares, _direction, _minor_cycle, nearest_gap
from auditkit_mpr.relaxed.swaps import Pool


def problem(seed, *, n=30, r=3, away=1.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, r)), rng.normal(size=r) * away


def least_by_solver(rows, target, k):
    """The least distance over 0 <= a <= 1, sum a = k."""
    found = minimize(
        lambda a: np.sum((a @ rows / k - target) ** 2), np.full(len(rows), k / len(rows)),
        jac=lambda a: 2 / k * rows @ (a @ rows / k - target), bounds=[(0, 1)] * len(rows),
        constraints={"type": "eq", "fun": lambda a: a.sum() - k, "jac": lambda a: np.ones(len(a))},
        options={"ftol": 1e-15, "maxiter": 1000},
    )  # fmt: skip
    return float(np.sqrt(found.fun))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("away", [0.1, 1.0, 4.0])
def test_the_nearest_relaxed_list_is_that_of_a_solver(seed, away):
    rows, target = problem(seed, away=away)
    k = 3 + seed % 5
    found = nearest_gap(rows, target, k)
    truth = least_by_solver(rows, target, k)
    length = float(np.linalg.norm(found.gap))
    assert found.lower_bound <= truth + 1e-6
    assert length == pytest.approx(truth, abs=2e-5)
    assert -1e-9 <= length - found.lower_bound <= 1e-6
    assert found.shares.min() > 0
    assert found.shares.sum() == pytest.approx(1.0)
    assert len(found.shares) == len(found.lists) <= rows.shape[1] + 1
    entries = found.relaxed(len(rows))
    assert entries.sum() == pytest.approx(k)
    assert entries.max() <= 1.0
    assert entries @ rows / k - target == pytest.approx(found.gap)


def test_a_target_that_a_list_hits_is_found_at_once():
    rows, _ = problem(1)
    target = rows[[2, 5, 7]].mean(axis=0)
    found = nearest_gap(rows, target, 3)
    assert np.linalg.norm(found.gap) <= 1e-9
    assert found.lower_bound == 0.0
    far = nearest_gap(rows, target + 100.0, 3)
    assert far.lower_bound > 90


def test_coarse_bounds_end_early_and_hold():
    rows, target = problem(3, n=200, r=6, away=0.8)
    fine, coarse = nearest_gap(rows, target, 10), nearest_gap(rows, target, 10, tolerance=0.05)
    assert np.linalg.norm(coarse.gap) - coarse.lower_bound <= 0.05
    assert coarse.lower_bound <= np.linalg.norm(fine.gap) + 1e-9
    assert len(coarse.lists) <= len(fine.lists)


def by_subsets(points):
    """The distance of the hull of a few points from the origin: the least affine one whose shares are all above 0."""
    best = np.inf
    for bits in range(1, 2 ** len(points)):
        chosen = points[[bool(bits >> i & 1) for i in range(len(points))]]
        shares = np.linalg.lstsq(
            np.block(
                [
                    [chosen @ chosen.T, np.ones((len(chosen), 1))],
                    [np.ones((1, len(chosen))), np.zeros((1, 1))],
                ]
            ),
            np.append(np.zeros(len(chosen)), 1.0),
            rcond=None,
        )[0][:-1]
        if shares.min() > -1e-12:
            best = min(best, float(np.linalg.norm(shares @ chosen)))
    return best


@pytest.mark.parametrize("seed", range(40))
def test_a_triangle_loses_the_corners_that_do_not_bear_its_nearest_point(seed):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(2, 2)) + rng.normal(size=2) * 2
    segment, shares, kept = _minor_cycle(points[:1], np.ones(1))
    assert (len(segment), kept) == (1, [0])
    assert shares == pytest.approx([1.0])
    before = _minor_cycle(points, np.array([1.0, 0.0]))
    assert np.linalg.norm(before[1] @ before[0]) == pytest.approx(by_subsets(points), abs=1e-9)
    assert points[before[2]] == pytest.approx(before[0])
    corner = rng.normal(size=2)
    grown, start = np.vstack([before[0], corner]), np.append(before[1], 0.0)
    after, shares, kept = _minor_cycle(grown, start)
    assert shares.min() > 0
    assert shares.sum() == pytest.approx(1.0)
    assert after == pytest.approx(grown[kept])
    assert shares == pytest.approx(_affine_shares(after), abs=1e-9)
    assert np.linalg.norm(shares @ after) <= np.linalg.norm(start @ grown) + 1e-9


def test_the_corner_that_falls_first_is_left_out():
    """From the middle of an edge towards a point beyond another edge, by hand."""
    points = np.array([[1.0, 1.0], [1.0, -1.0], [2.0, 0.0]])
    kept_points, shares, kept = _minor_cycle(points, np.array([0.5, 0.5, 0.0]))
    assert kept == [0, 1]
    assert shares == pytest.approx([0.5, 0.5])
    assert kept_points.tolist() == points[:2].tolist()
    assert _minor_cycle(np.array([[1.0, 0.0], [3.0, 0.0]]), np.array([0.0, 1.0]))[2] == [0]
    assert _minor_cycle(np.array([[3.0, 0.0], [1.0, 0.0]]), np.array([1.0, 0.0]))[2] == [1]


def test_a_direction_has_length_one_unless_it_is_none():
    assert _direction(np.array([3.0, 4.0])).tolist() == [0.6, 0.8]
    assert _direction(np.array([0.3, 0.4])) == pytest.approx([0.6, 0.8])
    assert _direction(np.zeros(2)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("seed", range(10))
def test_no_exchange_of_any_two_items_lowers_the_floor_that_was_reached(seed):
    rows, target = problem(seed, n=40, r=4, away=0.3)
    found = floor_of(rows, target, 5)
    pool = Pool(similarities=np.zeros(40), rows=rows, target=target)
    assert len(set(found.chosen.tolist())) == 5
    assert found.reached == pytest.approx(pool.mpr(found.chosen), abs=1e-12)
    assert found.lower_bound <= found.reached + 1e-12
    others = np.setdiff1d(np.arange(40), found.chosen)
    swapped = [np.append(np.delete(found.chosen, i), item) for i in range(5) for item in others]
    assert min(map(pool.mpr, swapped)) >= found.reached - 1e-9
