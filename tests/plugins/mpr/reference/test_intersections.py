"""Groups and intersections against counting rows one by one."""

import numpy as np
import pytest

from auditkit.errors import UsageError
from auditkit_mpr.reference.intersections import Attribute, intersections, memberships, shares_among


def gerrymandered():
    codes = [np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])]
    return [
        Attribute(name=name, labels=("a", "b"), items=code, reference=code)
        for name, code in zip(("sex", "race"), codes, strict=True)
    ]


def test_depth_two_finds_the_group_that_single_attributes_hide():
    attributes = gerrymandered()
    shown = {}
    for depth in (1, 2):
        groups = intersections(attributes, depth)
        chosen = shares_among(groups, [a.items[[0, 3]] for a in attributes])
        reference = shares_among(groups, [a.reference for a in attributes])
        shown[depth] = np.abs(chosen - reference).max()
    assert shown == {1: 0.0, 2: 0.25}
    assert "sex=a AND race=b" in {group.name for group in groups}
    assert len(groups) == 8


def test_shares_of_intersections_equal_counting_rows_one_by_one():
    rng = np.random.default_rng(0)
    codes = [rng.integers(-1, size, 50) for size in (2, 3, 4)]
    attributes = [
        Attribute(name=f"a{i}", labels=tuple("wxyz"[: c.max() + 1]), items=c, reference=c)
        for i, c in enumerate(codes)
    ]
    groups = intersections(attributes, 3)
    weights = rng.random(50)
    weights /= weights.sum()
    fast = shares_among(groups, codes, weights)
    inside = memberships(groups, codes)
    for position, group in enumerate(groups):
        rows = [r for r in range(50) if all(codes[p][r] == v for p, v in group.parts)]
        assert fast[position] == pytest.approx(weights[rows].sum(), abs=1e-12)
        assert np.flatnonzero(inside[:, position]).tolist() == rows


def test_too_many_intersections_are_refused():
    attribute = Attribute(
        name="a", labels=tuple(map(str, range(1000))), items=np.zeros(1, int), reference=np.zeros(1, int)
    )
    with pytest.raises(UsageError, match="too many"):
        intersections([attribute, attribute], 2)
