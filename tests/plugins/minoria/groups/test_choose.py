import numpy as np
import pytest
from plugins.minoria.calls import chosen, gap_of
from plugins.minoria.oracle import plain_skew
from plugins.minoria.seeded import heavier_minority

from auditkit_minoria.directions.skew import skews


def rng():
    return np.random.default_rng(7)


def test_explored_directions_are_unit_separated_skewed_and_described_truly():
    points, loss, _, _ = heavier_minority()
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
    points, loss, _, _ = heavier_minority()
    one, two = (chosen(points, loss, rng=rng()) for _ in range(2))
    assert np.array_equal(one.directions, two.directions)


def test_a_high_tau_lists_directions_whose_tails_do_not_under_perform():
    points, loss, _, _ = heavier_minority()
    found = chosen(points, loss, rng=rng(), tau=1e9)
    assert len(found.directions) == 5
    assert (found.gaps < 1e9).all()


def test_ranking_on_a_sample_of_rows_scores_the_best_on_all():
    points, loss, _, _ = heavier_minority(n=12_000, d=4)
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
