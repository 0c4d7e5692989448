"""Of many candidates, those that together explain most of the loss."""

import numpy as np
import pytest

from auditkit_minoria.groups.cover import MOST_SHARED, cover, distinct, jaccard


def made(seed=0, n=4000):
    rng = np.random.default_rng(seed)
    first, second = np.arange(n) < 200, (np.arange(n) >= 1000) & (np.arange(n) < 1300)
    loss = rng.normal(size=n) + 2.0 * first + 1.0 * second
    return rng, loss, first, second


def test_each_next_group_explains_what_those_before_leave():
    rng, loss, first, second = made()
    nearly = first.copy()
    nearly[:20] = False
    noise = rng.random(4000) < 0.05
    assert cover([noise, nearly, second, first], loss, [8.0] * 4, top=5) == [3, 2]


def test_a_price_holds_back_what_many_rules_would_reach_by_chance():
    rng, loss, first, _ = made()
    noise = [rng.random(4000) < 0.05 for _ in range(50)]
    assert cover([*noise, first], loss, [20.0] * 51, top=5)[0] == 50
    assert len(cover([*noise, first], loss, [20.0] * 51, top=5)) <= 2


def test_where_nothing_stands_out_one_stands_for_what_was_looked_at():
    rng = np.random.default_rng(1)
    masks = [rng.random(500) < 0.1 for _ in range(10)]
    assert len(cover(masks, rng.normal(size=500), [50.0] * 10, top=5)) == 1
    assert cover([np.zeros(5, bool), np.ones(5, bool)], np.arange(5.0), [0.0, 0.0], top=5) == []


@pytest.mark.parametrize(("both", "expected"), [(50, 50 / 150), (67, 67 / 133), (100, 1.0)])
def test_groups_are_distinct_by_the_rows_in_both_over_those_in_either(both, expected):
    one, other = np.zeros(300, bool), np.zeros(300, bool)
    one[:100], other[100 - both : 200 - both] = True, True
    assert jaccard(one, other) == pytest.approx(expected)
    assert distinct(one, other) == (expected <= MOST_SHARED)
