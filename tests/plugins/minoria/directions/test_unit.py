import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plugins.minoria.seeded import minoria_2d

from auditkit_minoria.directions.sweep import Sweep, peaks, sweep, top_of_sweep
from auditkit_minoria.directions.unit import apart, separated


def swept(*skews):
    return Sweep((np.arange(len(skews)) + 0.5) * np.pi / len(skews), np.array(skews, dtype=float), 1, 0)


def test_the_best_comes_first_and_near_ones_are_passed_over():
    angles = np.deg2rad([0.0, 10.0, 20.0, 90.0])
    units = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert separated(units, np.array([1.0, 3.0, 2.0, 0.5]), top=3).tolist() == [1, 3]
    assert separated(units, np.array([1.0, 0.5, 2.0, 0.1]), top=3).tolist() == [2, 0, 3]
    assert separated(units, np.array([1.0, 0.5, 2.0, 0.1]), top=1).tolist() == [2]


def test_a_direction_and_its_opposite_are_one():
    f = np.array([0.6, 0.8])
    assert not apart(-f, f[None, :])
    assert separated(np.stack([f, -f]), np.array([1.0, 2.0]), top=2).tolist() == [1]


def test_everything_is_apart_from_nothing():
    assert apart(np.array([1.0, 0.0]), np.zeros((0, 2)))
    assert separated(np.zeros((0, 2)), np.zeros(0), top=3).tolist() == []


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 6), st.floats(0.05, 1.0))
def test_chosen_directions_are_pairwise_apart_and_no_better_one_was_left_out(seed, m, top, separation):
    rng = np.random.default_rng(seed)
    units = rng.normal(size=(m, 3))
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    scores = rng.integers(0, 5, size=m).astype(float)
    chosen = separated(units, scores, top=top, separation=separation)
    cosines = np.abs(units @ units[chosen].T)
    for i, place in enumerate(chosen):
        assert (cosines[place, :i] < np.cos(separation)).all()
    for place in set(range(m)) - set(chosen.tolist()):
        better = scores[chosen] >= scores[place]
        assert len(chosen[better]) == top or (cosines[place, better] >= np.cos(separation)).any()


@pytest.mark.parametrize(
    ("skews", "expected"),
    [
        ([1, 2, 1, 5, 1], [1, 3]),
        ([5, 1, 2, 1, -4], [0, 2]),
        ([1, -3, 2, 0], [1]),
        ([2, 2, 1, 1, 3, -3, 1], [0, 4]),
        ([1, 2, 2, 3, 1], [3]),
        ([3, 1, 1, 3], [3]),
        ([0, 0, 0], []),
        ([-2, -2, 2], [0]),
    ],
)
def test_peaks_beat_their_neighbours_round_the_half_circle(skews, expected):
    assert peaks(swept(*skews)).tolist() == expected


def test_points_on_a_line_have_one_direction_the_line_itself():
    points = np.outer([0.0, 0.1, 0.2, 5.0], [2.0, 1.0])
    angles, skews = top_of_sweep(sweep(points), top=5)
    assert np.degrees(angles) == pytest.approx([np.degrees(np.arctan2(1, 2))], abs=1e-9)
    assert skews[0] > 0


def test_the_top_of_a_sweep_are_separated_local_maxima():
    points = minoria_2d(1000)
    found = sweep(points)
    angles, skews = top_of_sweep(found, top=4)
    assert np.degrees(angles[0]) == pytest.approx(122.946, abs=1e-3)
    assert (np.diff(np.abs(skews)) <= 0).all()
    gaps = np.abs(angles[:, None] - angles[None, :])
    gaps = np.minimum(gaps, np.pi - gaps) + np.eye(len(angles)) * 9
    assert (gaps > np.pi / 12).all()
    for angle, skew in zip(angles, skews, strict=True):
        bin_ = int(angle / np.pi * 720)
        assert abs(skew) == np.abs(found.skews[[bin_ - 1, bin_, (bin_ + 1) % 720]]).max()
