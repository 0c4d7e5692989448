import numpy as np
import pytest

from auditkit_minoria.directions.spread import farthest_directions, spread


def rng(seed=4):
    return np.random.default_rng(seed)


def test_in_the_plane_the_farthest_direction_halves_the_widest_gap():
    found = farthest_directions(2, 8, rng())
    angles = np.sort(np.degrees(np.arctan2(found[:, 1], found[:, 0])) % 180)
    assert np.sort(angles % 180) == pytest.approx(np.arange(8) * 22.5, abs=0.05)


@pytest.mark.parametrize("d", [3, 5])
def test_after_the_axes_comes_a_diagonal(d):
    found = farthest_directions(d, d + 1, rng())
    assert np.abs(found[d]) == pytest.approx(np.full(d, d**-0.5), abs=2e-3)


def test_spread_yields_as_many_as_asked_or_the_axes():
    points = rng().exponential(size=(100, 6))
    assert len(spread(points, rng(), directions=9).directions) == 9
    assert len(spread(points, rng(), directions=2).directions) == 6
