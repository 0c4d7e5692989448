import numpy as np
import pytest
from plugins.minoria.seeded import minoria_md

from auditkit_minoria.directions.climb import climb, climbed, whitened
from auditkit_minoria.directions.explore import explore
from auditkit_minoria.directions.skew import skews
from auditkit_minoria.directions.unit import unit


def rng(seed=8):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", [0, 1])
def test_climbs_end_higher_than_they_began_and_than_ten_thousand_steps_of_exploring(seed):
    points, *_ = minoria_md(5000, 20, seed)
    begin = unit(rng(seed).normal(size=(16, 20)))
    arrived = climbed(points, begin)
    before, after = np.abs(skews(points, begin)), np.abs(skews(points, arrived))
    assert np.linalg.norm(arrived, axis=1) == pytest.approx(1.0)
    assert (after >= before - 1e-5).all()
    explored = explore(points, rng(seed), iterations=10_000)
    assert after.max() > np.abs(explored.skews).max()


def test_whitening_undoes_itself_and_drops_what_does_not_vary():
    source = rng()
    hot = (source.integers(0, 3, size=400)[:, None] == np.arange(3)).astype(float)
    points = np.column_stack([hot, source.normal(size=400) * 1e-2, np.ones(400)])
    white, root = whitened(points)
    assert white.shape == (400, 3)
    assert white @ root == pytest.approx(points - points.mean(axis=0), abs=1e-9)
    assert white.T @ white / 400 == pytest.approx(np.eye(3), abs=1e-9)


def test_a_rotation_or_scaling_of_the_data_turns_the_climbs_with_it():
    points, *_ = minoria_md(2000, 4, 3)
    mixed = rng().normal(size=(4, 4)) + 2 * np.eye(4)
    begin = unit(rng(1).normal(size=(6, 4)))
    one = np.abs(skews(points, climbed(points, begin)))
    # The same directions of the mixed points: f'x = g'(mixed' x) with g = mixed^-1 f.
    other = np.abs(skews(points @ mixed, climbed(points @ mixed, unit(begin @ np.linalg.inv(mixed).T))))
    assert one.max() == pytest.approx(other.max(), rel=0.1)


def test_the_difference_of_means_comes_first_where_there_is_a_loss():
    points, *_ = minoria_md(600, 5, 0)
    with_loss = climb(points, points[:, 0] ** 2, rng())
    assert np.linalg.norm(with_loss.first) == pytest.approx(1.0)
    assert climb(points, None, rng()).first is None


@pytest.mark.parametrize("points", [np.ones((20, 3)), np.arange(6.0).reshape(2, 3), np.zeros((1, 2))])
def test_points_without_spread_break_nothing(points):
    found = climb(points, None, rng())
    assert np.isfinite(found.skews).all()
