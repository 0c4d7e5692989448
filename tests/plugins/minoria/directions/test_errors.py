import numpy as np
import pytest
from plugins.minoria.seeded import heavier_minority

from auditkit_minoria.directions.errors import differences, whitened_difference, worst_rows


def rng():
    return np.random.default_rng(7)


def test_the_worst_rows_are_the_share_of_highest_loss():
    loss = np.array([0.1, 5.0, 0.2, 4.0, 0.3])
    assert worst_rows(5, loss, share=0.4, rng=rng()).tolist() == [False, True, False, True, False]


def test_ties_of_loss_are_broken_at_random():
    drawn = [tuple(worst_rows(20, np.zeros(20), share=0.1, rng=np.random.default_rng(s))) for s in range(9)]
    assert len(set(drawn)) > 3
    assert all(sum(rows) == 2 for rows in drawn)


def test_candidates_point_from_ordinary_rows_to_worst_rows():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.0, 0.0]])
    found = differences(points, np.array([False, True, False, True]), count=100, rng=rng())
    expected = [[1, 0], [1 / np.sqrt(5), -2 / np.sqrt(5)]]
    assert np.unique(found.round(12), axis=0) == pytest.approx(
        np.array(expected)[::-1][np.argsort([1 / np.sqrt(5), 1])]
    )
    assert len(found) == 4


def test_equal_rows_give_no_candidates():
    assert differences(np.ones((6, 3)), np.arange(6) < 2, count=100, rng=rng()).shape == (0, 3)


def test_the_whitened_difference_solves_for_the_pooled_scatter():
    points, loss, _, _ = heavier_minority()
    worst = worst_rows(len(points), loss, share=0.1, rng=rng())
    inside, rest = points[worst], points[~worst]
    pooled = (np.cov(inside.T, bias=True) * len(inside) + np.cov(rest.T, bias=True) * len(rest)) / len(points)
    expected = np.linalg.inv(pooled) @ (inside.mean(axis=0) - rest.mean(axis=0))
    found = whitened_difference(points, worst)
    assert found == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)
    assert np.linalg.norm(found) == pytest.approx(1)


def test_collinear_one_hot_blocks_and_constant_columns_do_no_harm():
    source = rng()
    levels = source.integers(0, 3, size=600)
    hot = (levels[:, None] == np.arange(3)).astype(float)
    hot = (hot - hot.mean(axis=0)) / hot.std(axis=0)
    points = np.column_stack([hot, np.zeros(600), source.normal(size=600)])
    found = whitened_difference(points, levels == 2)
    assert np.isfinite(found).all()
    projection = points @ found
    assert projection[levels == 2].min() > projection[levels != 2].max()


@pytest.mark.parametrize("worst", [np.zeros(5, dtype=bool), np.ones(5, dtype=bool)])
def test_without_a_worst_or_a_rest_there_is_no_start(worst):
    assert not whitened_difference(np.arange(10.0).reshape(5, 2), worst).any()


def test_equal_points_have_no_start():
    assert not whitened_difference(np.ones((5, 2)), np.arange(5) < 2).any()
