import numpy as np
import pytest
from plugins.minoria.calls import chosen
from plugins.minoria.oracle import plain_skew
from plugins.minoria.seeded import minoria_md

from auditkit_minoria.directions.errors import differences, whitened_difference, worst_rows
from auditkit_minoria.directions.skew import skews
from auditkit_minoria.groups.sparse import sparsified, tail_gap, tail_rows
from auditkit_minoria.groups.tails import long_side


def rng():
    return np.random.default_rng(7)


def gap_of(projection, skew, loss, *, tail, hardest=1.0):
    return tail_gap(loss, tail_rows(projection, long_side(skew), tail=tail), hardest=hardest)


def planted(n=3000, d=12, seed=0):
    points, _, minority, towards = minoria_md(n, d, seed)
    loss = np.random.default_rng(seed).exponential(size=n) * np.where(minority == 1, 4.0, 1.0)
    return (points - points.mean(axis=0)) / points.std(axis=0), loss, minority, towards


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
    points, loss, _, _ = planted()
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


def test_a_sparse_direction_keeps_skew_and_gap_with_few_weights():
    source = rng()
    points = source.normal(size=(2000, 30))
    points[:, 4] = source.exponential(size=2000)
    direction = np.full(30, 0.01)
    direction[4] = 1.0
    direction /= np.linalg.norm(direction)
    loss = points[:, 4] + source.normal(size=2000)
    found, skew = sparsified(points, direction, loss, tail=0.05)
    assert np.flatnonzero(found).tolist() == [4]
    assert skew == pytest.approx(plain_skew(points[:, 4]))
    assert skew >= 0.95 * plain_skew(points @ direction)
    assert gap_of(points @ found, skew, loss, tail=0.05) >= 0.95 * gap_of(
        points @ direction, skew, loss, tail=0.05
    )


def test_a_direction_that_needs_all_its_weights_stays_whole():
    points, loss, _, towards = planted(d=3)
    found, _ = sparsified(points, towards, loss, tail=0.05)
    assert np.count_nonzero(found) >= 2


def test_the_gap_of_the_hardest_rows_of_a_tail():
    projection, loss = np.arange(10.0), np.array([0, 0, 0, 0, 0, 0, 1.0, 3.0, 2.0, 4.0])
    assert gap_of(projection, 1.0, loss, tail=0.4) == pytest.approx(2.5 - 1.0)
    assert gap_of(projection, 1.0, loss, tail=0.4, hardest=0.5) == pytest.approx(3.5 - 1.0)
    assert gap_of(projection, -1.0, loss, tail=0.4) == pytest.approx(0.0 - 1.0)


def test_explored_directions_are_unit_separated_skewed_and_described_truly():
    points, loss, _, _ = planted()
    found = chosen(points, loss, rng=rng(), top=4)
    assert len(found.directions) == 4
    assert np.linalg.norm(found.directions, axis=1) == pytest.approx([1] * 4)
    assert (np.abs(np.triu(found.directions @ found.directions.T, 1)) < np.cos(np.pi / 12)).all()
    assert found.skews == pytest.approx(skews(points, found.directions))
    assert (found.skews >= 0).all()
    assert (np.diff(found.skews) <= 0).all()
    gaps = [gap_of(points @ f, 1.0, loss, tail=0.05) for f in found.directions]
    assert found.gaps == pytest.approx(gaps)


def test_the_same_seed_finds_the_same():
    points, loss, _, _ = planted()
    one, two = (chosen(points, loss, rng=rng()) for _ in range(2))
    assert np.array_equal(one.directions, two.directions)


def test_a_high_tau_lists_directions_whose_tails_do_not_under_perform():
    points, loss, _, _ = planted()
    found = chosen(points, loss, rng=rng(), tau=1e9)
    assert len(found.directions) == 5
    assert (found.gaps < 1e9).all()


def test_ranking_on_a_sample_of_rows_scores_the_best_on_all():
    points, loss, _, _ = planted(n=12_000, d=4)
    found = chosen(points, loss, rng=rng(), top=2)
    assert found.skews == pytest.approx([plain_skew(points @ f) for f in found.directions], abs=1e-9)


def test_without_a_loss_skewed_directions_are_found():
    source = rng()
    points = source.normal(size=(1000, 3))
    points[:, 1] = source.exponential(size=1000) ** 2
    found = chosen(points, None, rng=rng(), top=1)
    assert found.skews[0] > 0.8
    assert abs(found.directions[0][1]) > 0.9
    assert np.isnan(found.gaps).all()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_handful_of_rows_breaks_nothing(n):
    points = np.arange(2.0 * n).reshape(n, 2)
    found = chosen(points, np.arange(float(n)), rng=rng(), candidates=1)
    assert found.directions.shape[1] == 2
