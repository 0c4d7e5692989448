"""Every method on small problems, against every list there is: duplicates, ties, weights, limits that nothing meets."""

import pytest
from plugins.mpr.exact.judged import assert_answers, assert_trees
from plugins.mpr.exact.small import small

from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.groups import Groups


@pytest.mark.parametrize("block", range(6))
def test_linear_functions_are_answered_as_enumeration_says(block):
    for seed in range(block * 5, block * 5 + 5):
        case = small(seed)
        assert_answers(Ball("linear"), case, case.linear(), ("cone", "lp", "qp", "integer"))


@pytest.mark.parametrize("block", range(6))
def test_groups_are_answered_as_enumeration_says(block):
    for seed in range(block * 5, block * 5 + 5):
        case = small(seed)
        depth = 1 + seed % len(case.attributes)
        one = Groups("groups", case.attributes, depth)
        assert_answers(one, case, case.groups(depth), ("lp", "integer"))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(6))
def test_trees_are_answered_as_enumeration_says(block):
    for seed in range(block * 3, block * 3 + 3):
        assert_trees(small(seed), 1 + seed % 2)
