import numpy as np
import pytest
from plugins.minoria.oracle import plain_skew

from auditkit_minoria.directions.candidates import Ranking
from auditkit_minoria.directions.unit import unit


def rng(seed=3):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("n", [50, 51, 3000, 3001])
def test_ranking_agrees_with_the_textbook_to_six_digits(n):
    source = rng()
    points = source.exponential(size=(n, 5)) * [1.0, 10.0, 1e-3, 1.0, 1e4] + [0, 1e3, 0, -5, 0]
    directions = unit(source.normal(size=(40, 5)) / [1.0, 10.0, 1e-3, 1.0, 1e4])
    found = Ranking.of(points, rng()).skews(directions)
    assert found == pytest.approx([plain_skew(points @ f) for f in directions], abs=3e-5)


def test_a_direction_without_spread_has_no_skew():
    points = np.column_stack([rng().normal(size=500), np.ones(500)])
    assert Ranking.of(points, rng()).skews(np.array([[0.0, 1.0], [0.0, 0.0]])).tolist() == [0.0, 0.0]
