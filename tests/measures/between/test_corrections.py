import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.measures import adjust, levels

P_VALUES = st.lists(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.025, 0.05, 1.0])), max_size=12)


def slow_holm_rejects(p, alpha):
    """Step down from the smallest, until one is not small enough."""
    rejected, left = set(), sorted(range(len(p)), key=lambda i: p[i])
    while left and p[left[0]] < alpha / len(left):
        rejected.add(left.pop(0))
    return rejected


def slow_bh_rejects(p, alpha):
    """Find the most hypotheses whose largest p-value is below alpha times their share."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    for k in range(len(p), 0, -1):
        if p[order[k - 1]] < alpha * k / len(p):
            return set(order[:k])
    return set()


SLOW = {"holm": slow_holm_rejects, "bh": slow_bh_rejects}


@settings(max_examples=100, deadline=None)
@given(P_VALUES, st.sampled_from(["holm", "bh"]), st.floats(0.01, 0.2))
def test_a_level_is_passed_exactly_by_what_the_textbook_rejects(p, method, alpha):
    allowed = levels(p, alpha, method)
    assert {i for i in range(len(p)) if p[i] < allowed[i]} == SLOW[method](p, alpha)


@settings(max_examples=100, deadline=None)
@given(P_VALUES, st.sampled_from(["holm", "bh"]), st.floats(0.01, 0.2))
def test_an_adjusted_p_value_is_below_alpha_exactly_for_what_the_textbook_rejects(p, method, alpha):
    adjusted = adjust(p, method)
    clear = np.abs(adjusted - alpha) > 1e-9
    expected = np.array([i in SLOW[method](p, alpha) for i in range(len(p))], dtype=bool)
    np.testing.assert_array_equal((adjusted < alpha)[clear], expected[clear])
    assert ((adjusted >= np.array(p)) & (adjusted <= 1)).all()


@settings(max_examples=100, deadline=None)
@given(P_VALUES.filter(bool))
def test_bh_equals_scipys(p):
    np.testing.assert_allclose(adjust(p, "bh"), stats.false_discovery_control(p))


def test_no_comparison_and_no_correction():
    for method in ("holm", "bh", "none"):
        assert adjust([], method).tolist() == []
        assert levels([], 0.05, method).tolist() == []
    assert adjust([0.2, 0.04], "none").tolist() == [0.2, 0.04]
    assert levels([0.2, 0.04], 0.05, "none").tolist() == [0.05, 0.05]


def test_holms_levels_stop_at_the_first_failure():
    found = levels([0.9, 0.001, 0.02, 0.03], 0.05, "holm")
    assert found == pytest.approx([0.05 / 3, 0.05 / 4, 0.05 / 3, 0.05 / 3])


def test_bh_reads_every_bound_at_the_level_of_the_selected_ones():
    assert levels([0.9, 0.001, 0.02, 0.03], 0.05, "bh") == pytest.approx([0.05 * 3 / 4] * 4)
    assert levels([0.9, 0.8], 0.05, "bh") == pytest.approx([0.025, 0.025])


def test_ties_are_adjusted_alike():
    for method in ("holm", "bh"):
        adjusted = adjust([0.02, 0.5, 0.02, 0.02], method)
        assert len(set(adjusted[[0, 2, 3]])) == 1
