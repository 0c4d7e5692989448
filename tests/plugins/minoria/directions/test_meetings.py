"""The naive exact search of the plane."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from plugins.minoria.oracle import plain_skew
from plugins.minoria.seeded import minoria_2d

from auditkit_minoria.directions.meetings import median_meetings, peaks_of_meetings
from auditkit_minoria.directions.sweep import sweep

TOY = np.array([[0.5, 1.5], [1.0, 0.75], [2.0, 1.0]])


def rng(seed=6):
    return np.random.default_rng(seed)


def largest(found):
    return float(np.abs(found.skews).max(initial=0.0))


def test_the_toy_points_meet_at_the_papers_angles():
    angles = np.degrees(median_meetings(TOY))
    assert angles == pytest.approx([0.0, 33.690068, 71.565051, 104.036243], abs=1e-6)
    assert largest(peaks_of_meetings(TOY)) == pytest.approx(3 / np.sqrt(2), abs=1e-9)


@pytest.mark.parametrize(("n", "skew", "angle"), [(200, 0.824373, 126.408), (201, 0.879133, 139.329),
                                                  (500, 0.740468, 110.311), (1000, 0.762595, 122.946)])  # fmt: skip
def test_the_naive_search_finds_the_reference_optima(n, skew, angle):
    found = peaks_of_meetings(minoria_2d(n))
    best = int(np.abs(found.skews).argmax())
    assert abs(found.skews[best]) == pytest.approx(skew, abs=1e-6)
    x, y = found.directions[best]
    assert np.degrees(np.arctan2(y, x)) % 180 == pytest.approx(angle, abs=1e-3)


@given(
    points=arrays(
        np.float64, st.tuples(st.integers(2, 14), st.just(2)), elements=st.integers(-3, 3).map(float)
    )
)
@settings(max_examples=60, deadline=None)
def test_the_naive_search_and_the_sweep_agree_on_ties_and_duplicates(points):
    exact = float(np.abs(sweep(points).skews).max())
    naive = peaks_of_meetings(points)
    # Theorem 3's maximum between two meetings is the sweep's alone.
    assert largest(naive) <= exact + 1e-7
    meetings = median_meetings(points)
    at = [abs(plain_skew(points @ [np.cos(a), np.sin(a)])) for a in meetings]
    assert largest(naive) == pytest.approx(max(at), abs=1e-6)
