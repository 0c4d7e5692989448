import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from auditkit_minoria.directions.skew import long_side, pearson_skew
from auditkit_minoria.features.round_number import round_number
from auditkit_minoria.groups.threshold import tail_mask, tail_threshold

VALUES = arrays(np.float64, st.integers(2, 60), elements=st.integers(-8, 8).map(lambda v: v / 4))


def tail(values, share, side):
    return tail_mask(values, tail_threshold(values, share=share, side=side), side)


def test_the_long_side_is_where_the_skew_points():
    assert (long_side(0.2), long_side(-0.2), long_side(0.0)) == ("upper", "lower", "upper")


def test_the_tail_holds_the_share_where_nothing_ties():
    values = np.random.default_rng(0).normal(size=1000)
    assert tail(values, 0.05, "upper").sum() == 50
    assert values[tail(values, 0.05, "upper")].min() > np.sort(values)[949]
    assert values[tail(values, 0.0001, "lower")].tolist() == [values.min()]


def test_tied_rows_stay_together_and_out_if_they_would_be_too_many():
    values = np.array([0.0] * 90 + [1.0] * 8 + [2.0] * 2)
    assert tail(values, 0.05, "upper").sum() == 2
    assert tail(values, 0.10, "upper").sum() == 10


def test_an_indicator_held_by_more_than_the_share_makes_a_tail_of_its_own():
    values = np.array([0.0] * 70 + [1.0] * 30)
    assert tail(values, 0.05, "upper").sum() == 30


@pytest.mark.parametrize("side", ["upper", "lower"])
def test_equal_values_have_no_tail(side):
    values = np.full(5, 0.1)
    assert not tail(values, 0.4, side).any()
    assert not tail_mask(np.array([1e300]), tail_threshold(values, share=0.4, side="upper"), "upper").any()


def test_values_that_differ_by_rounding_only_are_tied():
    values = np.array([0.0, 0.5, 0.1 + 0.2, 0.3, 1.0, 1.0 + 2e-16, 1.0 - 1e-16])
    assert tail(values, 0.2, "upper").sum() == 3


def test_a_threshold_keeps_clear_of_the_values_and_is_round():
    assert tail_threshold(np.array([0.0, 1.0, 2.0, 3.0]), share=0.25, side="upper") == 2.5
    assert tail_threshold(np.array([0.0, 10.0]), share=0.5, side="lower") == 5.0
    values = np.random.default_rng(0).normal(size=1000)
    assert len(f"{tail_threshold(values, share=0.05, side='upper')!r}") <= 7


@settings(max_examples=80, deadline=None)
@given(VALUES, st.floats(0.01, 0.45), st.sampled_from(["upper", "lower"]))
def test_a_tail_is_the_largest_extreme_block_within_the_share(values, share, side):
    assume(values.min() < values.max())
    inside = tail(values, share, side)
    toward = values if side == "upper" else -values
    blocks = [toward >= value for value in np.unique(toward)[1:]]
    most = max(1, int(share * len(values) + 1e-9))
    fitting = [block for block in blocks if block.sum() <= most]
    expected = max(fitting, key=np.sum) if fitting else blocks[-1]
    assert inside.tolist() == expected.tolist()


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_on_the_long_side_a_tail_is_less_than_half(values):
    skew = pearson_skew(values)
    assume(skew != 0)
    assert tail(values, 0.49, long_side(skew)).mean() < 0.5


@settings(max_examples=100, deadline=None)
@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_a_round_number_is_strictly_inside(low, width):
    assume(low + width > low + width / 2 > low)
    assert low < round_number(low, low + width) < low + width


def test_the_rule_applies_unchanged_to_new_rows():
    threshold = tail_threshold(np.array([0.0, 1.0, 2.0, 3.0]), share=0.25, side="upper")
    assert tail_mask(np.array([9.0, 2.4, 2.5, -9.0]), threshold, "upper").tolist() == [
        True,
        False,
        True,
        False,
    ]


def test_a_side_that_is_none_is_refused():
    with pytest.raises(KeyError):
        tail_mask(np.arange(4.0), 2.0, "uper")
