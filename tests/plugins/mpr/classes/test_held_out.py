"""No row both fits and measures, and an item is on one side whichever table names it."""

from dataclasses import replace

import numpy as np
import pytest
from plugins.mpr.problems import problem

from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.classes.held_out import halves_of, held_out
from auditkit_mpr.sampling.draws import Draws

DRAWS = Draws(count=400, confidence=0.95, rng=lambda purpose: np.random.default_rng(len(purpose)))


class Recorder:
    """A class of functions that remembers what it was fitted to, and answers with the first attribute."""

    name = "recorder"
    signs = False

    def __init__(self):
        self.seen = []

    def function(self, items, reference, retrieved):
        self.seen.append((items, reference, retrieved))
        return lambda rows: rows[:, 0].astype(float)


def test_halves_share_no_row_and_leave_none_out():
    candidates, _ = problem(1, n=60, m=40)
    chosen = np.arange(7, 24)
    first, second = halves_of(candidates, chosen, DRAWS)
    assert (first.listed ^ second.listed).all()
    assert (first.reference ^ second.reference).all()
    assert abs(first.listed.sum() - second.listed.sum()) <= 1
    for half in (first, second):
        np.testing.assert_array_equal(half.fitting[chosen], ~half.listed)
        assert np.delete(half.fitting, chosen).all()


def test_an_item_is_in_one_half_as_an_item_and_as_a_row_of_the_reference():
    candidates, _ = problem(1, n=40, m=60)
    items = np.arange(0, 80, 2)  # a pre-filter left every second of 80 items
    of_items = replace(candidates.reference, items=np.arange(10, 70), of_items=False)
    candidates = replace(candidates, items=items, reference=of_items)
    chosen = np.arange(4, 24)
    for half in halves_of(candidates, chosen, DRAWS):
        measuring = set(of_items.items[half.reference].tolist()) | set(items[chosen[half.listed]].tolist())
        fitting = set(of_items.items[~half.reference].tolist()) | set(items[half.fitting].tolist())
        assert not measuring & fitting


def test_the_fit_sees_its_half_and_the_gap_is_that_of_the_other():
    candidates, _ = problem(2, n=60, m=40)
    chosen, one = np.arange(20), Recorder()
    half = halves_of(candidates, chosen, DRAWS)[0]
    found = held_out(one, candidates, chosen, half, DRAWS)
    items, reference, retrieved = one.seen[0]
    assert len(items) == 60 - half.listed.sum()
    assert len(reference.rows) == (~half.reference).sum()
    assert retrieved.sum() == (~half.listed).sum()
    ours = candidates.rows[chosen[half.listed], 0].mean()
    rows = candidates.reference.population.rows
    squares = np.square(candidates.rows[:, 0]).sum() + np.square(rows[:, 0]).sum()
    scale = np.sqrt(40 * 20 / 60 / squares)
    assert found.value == pytest.approx(scale * (ours - rows[half.reference, 0].mean()))


def test_a_typed_target_is_whole_in_both_halves():
    candidates, _ = problem(3, n=60, m=6)
    exact = replace(candidates, reference=replace(candidates.reference, exact=True))
    assert all(half.reference.all() for half in halves_of(exact, np.arange(10), DRAWS))


def test_a_gap_that_is_there_is_shown_and_one_function_says_no_more_than_the_class():
    candidates, _ = problem(5, n=400, m=300)
    chosen = np.flatnonzero((candidates.codes[0] == 0) & (candidates.codes[1] == 1))[:60]
    for name in ("tree", "Ridge", "signs"):
        found = Fitted(name, signs=name == "signs").measure(candidates, chosen, DRAWS)
        assert 0 < found.shown.interval.low < found.shown.value
        assert found.shown.interval.high == found.ceiling
        assert found.shown.value == pytest.approx(found.value, rel=0.2)


def test_a_list_that_is_too_short_to_halve_shows_nothing_and_says_why():
    candidates, _ = problem(5, n=40, m=30)
    shown = Fitted("tree").measure(candidates, np.arange(5), DRAWS).shown
    assert (shown.value, shown.interval) == (None, None)
    assert "a list of 5 items is too short" in shown.reason
