import numpy as np
import pytest
from plugins.minoria.calls import gap_of
from plugins.minoria.oracle import plain_skew
from plugins.minoria.seeded import heavier_minority

from auditkit_minoria.groups.sparse import sparsified


def rng():
    return np.random.default_rng(7)


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
    points, loss, _, towards = heavier_minority(d=3)
    found, _ = sparsified(points, towards, loss, tail=0.05)
    assert np.count_nonzero(found) >= 2


def test_the_gap_of_the_hardest_rows_of_a_tail():
    projection, loss = np.arange(10.0), np.array([0, 0, 0, 0, 0, 0, 1.0, 3.0, 2.0, 4.0])
    assert gap_of(projection, 1.0, loss, tail=0.4) == pytest.approx(2.5 - 1.0)
    assert gap_of(projection, 1.0, loss, tail=0.4, hardest=0.5) == pytest.approx(3.5 - 1.0)
    assert gap_of(projection, -1.0, loss, tail=0.4) == pytest.approx(0.0 - 1.0)
