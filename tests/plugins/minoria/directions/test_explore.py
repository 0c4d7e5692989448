import numpy as np
import pytest
from plugins.minoria.seeded import minoria_2d, minoria_md

from auditkit_minoria.directions import explore as module
from auditkit_minoria.directions.explore import Draws, cap_cosines, explore
from auditkit_minoria.directions.skew import skews
from auditkit_minoria.directions.sweep import sweep
from auditkit_minoria.directions.unit import unit


def rng(seed=5):
    return np.random.default_rng(seed)


def one_by_one(points, *, iterations, starts, epsilon, near):
    """Explore and exploit as the paper tells it: a loop over single directions, skews by the textbook."""
    source, d = rng(), points.shape[1]
    tried = [*unit(source.normal(size=(starts, d)))]
    draws = Draws(
        source.normal(size=(iterations, d)), source.random(iterations) < epsilon,
        cap_cosines(source.random(iterations), d=d, near=near),
    )  # fmt: skip
    scores = [float(skews(points, f[None, :])[0]) for f in tried]
    for i in range(iterations):
        best = tried[int(np.argmax(np.abs(scores)))]
        tried.append(draws.directions(slice(i, i + 1), best)[0])
        scores.append(float(skews(points, tried[-1][None, :])[0]))
    return np.array(tried), np.array(scores)


def test_many_at_once_is_the_same_as_one_by_one():
    points, *_ = minoria_md(501, 6, 2)
    options = {"iterations": 300, "starts": 6, "epsilon": 0.4, "near": 0.9}
    found = explore(points, rng(), **options)
    directions, scores = one_by_one(points, **options)
    assert found.directions == pytest.approx(directions, abs=1e-9)
    assert found.skews == pytest.approx(scores, abs=1e-5)


def test_the_number_guessed_at_once_does_not_change_the_walk(monkeypatch):
    points, *_ = minoria_md(400, 5, 1)
    wide = explore(points, rng(), iterations=200)
    monkeypatch.setattr(module, "LARGEST_GUESS", 1)
    monkeypatch.setattr(module, "SMALLEST_GUESS", 1)
    narrow = explore(points, rng(), iterations=200)
    assert wide.directions == pytest.approx(narrow.directions, abs=1e-9)


@pytest.mark.parametrize("d", [2, 3, 8])
def test_exploiting_stays_in_the_cap_and_fills_it_evenly(d):
    draws = Draws(
        rng().normal(size=(20_000, d)), np.zeros(20_000, dtype=bool),
        cap_cosines(rng(1).random(20_000), d=d, near=0.9),
    )  # fmt: skip
    best = unit(np.arange(1.0, d + 1))
    near = draws.directions(slice(None), best)
    assert np.linalg.norm(near, axis=1) == pytest.approx(1.0)
    cosines = near @ best
    assert cosines.min() >= 0.9 - 1e-12
    everywhere = unit(rng(2).normal(size=(2_000_000 if d == 8 else 400_000, d))) @ best
    reference = everywhere[everywhere >= 0.9]
    assert cosines.mean() == pytest.approx(
        reference.mean(), abs=5 * reference.std() / np.sqrt(len(reference)) + 1e-3
    )


def test_in_the_plane_it_comes_near_the_exact_optimum_and_never_above():
    points = minoria_2d(501)
    found = explore(points, rng(), iterations=2000)
    exact = float(np.abs(sweep(points).skews).max())
    assert exact - 0.01 < np.abs(skews(points, found.directions)).max() <= exact + 1e-12


def test_a_single_feature_is_explored_without_harm():
    found = explore(rng().exponential(size=(100, 1)), rng(), iterations=5)
    assert np.abs(found.directions).tolist() == [[1.0]] * 11
