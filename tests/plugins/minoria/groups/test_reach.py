"""The cut of a tail's direction that parts the rows best, beside a try of every cut."""

import numpy as np
import pytest

from auditkit_minoria.groups.evidence import Evidence
from auditkit_minoria.groups.reach import WIDE, reaching
from auditkit_minoria.groups.tail import Tail


def tail(points, side, share=0.05):
    direction = np.array([0.6, 0.8])
    far = points @ direction
    threshold = np.quantile(far, 1 - share if side == "upper" else share)
    return Tail(direction=direction, skew=0.1, threshold=float(threshold), side=side, widest=0.1)


def best_of_all_cuts(given, points, evidence):
    """Every value of the projection as a cut, one set of rows at a time."""
    far = points @ given.direction
    sets = [far >= cut if given.side == "upper" else far <= cut for cut in np.unique(far)]
    allowed = [rows for rows in sets if evidence.mass(rows) <= WIDE * evidence.whole]
    return max((*allowed, given.members_of(points)), key=evidence.z2)


@pytest.mark.parametrize("side", ["upper", "lower"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_it_is_the_best_of_all_cuts(side, weighted, tied):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        points = rng.normal(size=(150, 2))
        points = points.round(0) if tied else points
        loss = rng.random(150) + 0.3 * (points @ [0.6, 0.8] > rng.normal())
        weight = rng.exponential(size=150) if weighted else None
        evidence, given = Evidence.of(loss, weight), tail(points, side)
        found = reaching(given, points, evidence).members_of(points)
        assert evidence.z2(found) == pytest.approx(evidence.z2(best_of_all_cuts(given, points, evidence)))


def test_a_tail_that_parts_best_reaches_no_further():
    points = np.random.default_rng(0).normal(size=(4000, 2))
    given = tail(points, "upper")
    own = given.members_of(points)
    found = reaching(given, points, Evidence.of(own.astype(float))).members_of(points)
    np.testing.assert_array_equal(found, own)


def test_losses_that_are_all_alike_reach_nowhere():
    points = np.random.default_rng(0).normal(size=(50, 2))
    given = tail(points, "upper")
    assert reaching(given, points, Evidence.of(np.ones(50))) is given
    assert reaching(given, points[:1], Evidence.of(np.ones(1))) is given
