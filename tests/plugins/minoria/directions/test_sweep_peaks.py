import numpy as np
import pytest
from plugins.minoria.seeded import minoria_2d

from auditkit_minoria.directions.sweep import Sweep, peaks, sweep, top_of_sweep


def swept(*skews):
    return Sweep((np.arange(len(skews)) + 0.5) * np.pi / len(skews), np.array(skews, dtype=float), 1, 0)


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
