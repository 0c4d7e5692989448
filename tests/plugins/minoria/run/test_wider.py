"""A tail that is a piece of a pattern of more rows: the words say of how many, and of whom."""

from dataclasses import replace

import numpy as np
import pytest
from plugins.minoria.calls import material

from auditkit_minoria.groups.tail import Tail
from auditkit_minoria.run.describe import simplified
from auditkit_minoria.run.wider import wider

N = 6000
ALONG = np.array([1.0, 0.0, 0.0])
ACROSS = np.full(3, 3**-0.5)


def given(share, *, direction=ALONG, low=0.1, high=0.35):
    """Points of which a share, along a direction, is more often wrong, and the 5 % tail of that direction."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(N, 3))
    far = points @ direction
    loss = (rng.random(N) < np.where(far > np.quantile(far, 1 - share), high, low)).astype(float)
    cut = float(np.quantile(far, 0.95))
    return material(points, loss, rng.random(N) < 0.5), Tail(
        direction=direction, skew=0.1, threshold=cut, side="upper"
    )


def test_of_a_piece_of_a_pattern_of_most_rows_it_is_said():
    ground, tail = given(0.6)
    assert wider(tail, ground).startswith(
        "It is part of a larger pattern, which is no minority: rows with about x0 ≥ -0."
    )
    assert wider(tail, ground).endswith("(60% of all rows).")


def test_of_a_smaller_pattern_it_is_said_how_to_look_for_all_of_it():
    ground, tail = given(0.3)
    assert wider(tail, ground).startswith("It is part of a larger pattern: rows with about x0 ≥ 0.")
    assert wider(tail, ground).endswith("(30% of all rows); --tail 0.3 looks for them all.")


def test_a_plain_rule_that_stands_for_a_tail_says_the_same():
    ground, tail = given(0.6)
    plain = simplified(tail, ground).rule
    assert plain is not tail
    assert wider(plain, ground) == wider(tail, ground)


def test_without_a_simple_rule_the_rows_are_those_farthest_out():
    ground, tail = given(0.4, direction=ACROSS)
    assert "no minority" not in wider(tail, ground)
    ground, tail = given(0.15, direction=ACROSS, high=0.9)
    assert "the rows farthest out in its direction (15% of all rows)" in wider(tail, ground)


@pytest.mark.parametrize("share", [0.05, 0.07])
def test_of_a_tail_that_is_all_of_its_pattern_nothing_is_said(share):
    ground, tail = given(share, high=0.6)
    assert wider(tail, ground) == ""


def test_held_out_rows_must_agree():
    ground, tail = given(0.6)
    turned = np.where(ground.mining, ground.loss, 1 - ground.loss)
    assert wider(tail, replace(ground, loss=turned)) == ""


def test_with_weights_rows_count_as_much_as_they_weigh():
    ground, tail = given(0.6)
    assert wider(tail, replace(ground, weight=np.full(N, 2.0))) == wider(tail, ground)
    inside = tail.members(ground.features)
    assert wider(tail, replace(ground, weight=np.where(inside, 1.0, 0.0))) == ""


def test_without_a_loss_nothing_is_said():
    ground, tail = given(0.6)
    assert wider(tail, replace(ground, loss=None)) == ""
