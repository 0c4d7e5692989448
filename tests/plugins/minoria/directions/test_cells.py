"""The searches that discretise: the grid with its k-DPP, and directions spread out."""

import itertools

import numpy as np
import pytest

from auditkit_minoria.directions.cells import DRAWS, UNIVERSE, cell_middles, grid, k_dpp, likeness
from auditkit_minoria.directions.spread import farthest_directions

pytestmark = pytest.mark.slow


def rng(seed=4):
    return np.random.default_rng(seed)


def test_cells_of_the_plane_are_the_middles_of_fifteen_degrees():
    middles = cell_middles(2, np.pi / 12, rng())
    assert np.degrees(np.arctan2(middles[:, 1], middles[:, 0])) == pytest.approx(np.arange(12) * 15 + 7.5)


@pytest.mark.parametrize(("d", "cells"), [(1, 1), (2, 12), (3, 144), (4, UNIVERSE), (20, UNIVERSE)])
def test_cells_are_unit_vectors_all_or_a_random_thousand(d, cells):
    middles = cell_middles(d, np.pi / 12, rng())
    assert middles.shape == (cells, d)
    assert np.linalg.norm(middles, axis=1) == pytest.approx(1.0)


def test_sets_are_drawn_as_often_as_their_determinants_say():
    source = rng()
    factors = source.normal(size=(5, 5))
    kernel = factors @ factors.T
    sets = list(itertools.combinations(range(5), 2))
    expected = np.array([np.linalg.det(kernel[np.ix_(s, s)]) for s in sets])
    drawn = [tuple(k_dpp(kernel, 2, source).tolist()) for _ in range(4000)]
    share = np.array([drawn.count(s) for s in sets]) / 4000
    assert share == pytest.approx(expected / expected.sum(), abs=0.03)


def test_picks_are_more_diverse_than_random_ones():
    universe = cell_middles(3, np.pi / 12, rng())
    kernel = likeness(universe, np.pi / 6)

    def closest(rows):
        cosines = np.abs(universe[rows] @ universe[rows].T) - 2 * np.eye(len(rows))
        return cosines.max(axis=1).mean()

    picked = np.mean([closest(k_dpp(kernel, 12, rng(s))) for s in range(200)])
    random = np.mean([closest(rng(s).permutation(len(universe))[:12]) for s in range(200)])
    assert picked < random - 0.02


def test_no_more_cells_than_there_are_and_no_more_draws_than_needed():
    assert k_dpp(np.eye(3), 5, rng()).tolist() == [0, 1, 2]
    batches = list(grid(rng().exponential(size=(200, 2)), rng()))
    assert len(batches) == DRAWS
    assert {len(batch.directions) for batch in batches} == {6}  # half of twelve: there is something to draw


def test_no_random_direction_is_much_farther_than_the_one_chosen():
    found = farthest_directions(4, 12, rng())
    chosen = np.abs(found[:11] @ found[11]).max()
    tried = rng().normal(size=(20_000, 4))
    tried /= np.linalg.norm(tried, axis=1, keepdims=True)
    assert chosen <= np.abs(tried @ found[:11].T).max(axis=1).min() + 0.01
