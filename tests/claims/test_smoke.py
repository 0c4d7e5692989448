"""A smoke of the simulation that `make sizes` runs whole: false claims are rare, and a true fall is found."""

import pytest
from claims.drawn import KINDS, LEAST_FOUND, claimed, share

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "planted"])
def test_models_without_a_true_change_are_not_said_to_harm(kind):
    assert sum(claimed(kind, seed) for seed in range(30)) <= 5  # more than that has p < 0.01 at 5 %


def test_a_fall_of_3_points_in_half_the_rows_is_found():
    assert share("planted", 12) >= LEAST_FOUND
