"""Some of the problems that `make sizes` holds to every list there is."""

import pytest
from plugins.mpr.exact.judged import assert_problem


@pytest.mark.slow
def test_problems_are_answered_as_enumeration_says():
    for seed in range(300, 312):
        assert_problem(seed)
