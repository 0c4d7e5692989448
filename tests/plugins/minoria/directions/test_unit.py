import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit_minoria.directions.unit import apart, separated


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
