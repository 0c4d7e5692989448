import numpy as np
import pytest
from plugins.minoria.seeded import minoria_2d

from auditkit_minoria.groups.cluster import halfspaces, nearest
from auditkit_minoria.groups.kmeans import centres


def rng(seed=2):
    return np.random.default_rng(seed)


def test_clusters_are_the_nearest_centres_and_their_rule_says_so():
    points = minoria_2d(600)
    middle = centres(points, 5, rng())
    own = nearest(points, middle)
    slow = np.array([np.argmin([np.sum((p - c) ** 2) for c in middle]) for p in points])
    assert own.tolist() == slow.tolist()
    for place in range(5):
        inside = np.all([points @ w >= limit - 1e-12 for w, limit in halfspaces(middle, place)], axis=0)
        assert inside.tolist() == (own == place).tolist()
        assert middle[place] == pytest.approx(points[own == place].mean(axis=0))
    assert len(centres(np.ones((10, 2)), 3, rng())) == 1
