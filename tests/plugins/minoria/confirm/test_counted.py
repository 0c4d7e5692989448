"""Rows that were only counted say what the rows themselves say."""

import numpy as np
import pytest

from auditkit import Cells
from auditkit_minoria.confirm.counted import counted_gaps
from auditkit_minoria.confirm.held_out import held_out_gaps
from auditkit_minoria.confirm.standard import Standard

NUMBERS = ("n", "rows", "gap", "tail_loss", "share", "p")


def made(n=3000, seed=0):
    """Losses of 0 and 1, two tails that share rows, one of few rows, and weights."""
    rng = np.random.default_rng(seed)
    first, second, few = rng.random(n) < 0.2, rng.random(n) < 0.4, np.arange(n) < 12
    loss = (rng.random(n) < 0.2 + 0.15 * first).astype(float)
    return loss, [first, second, few], rng.lognormal(sigma=0.5, size=n)


def in_cells(loss, tails, weight):
    """Return the cells of rows that have loss and tails alike: what is wrong, the tails of cells, their sums."""
    key = loss.astype(int) + sum(tail.astype(int) << i + 1 for i, tail in enumerate(tails))
    known, place = np.unique(key, return_inverse=True)
    weights, squares = (np.bincount(place, one) for one in (weight, weight**2))
    cells = Cells(rows=np.bincount(place), weights=weights, squares=squares)
    return (known & 1).astype(bool), [(known >> i + 1 & 1).astype(bool) for i in range(len(tails))], cells


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("tau", [0.0, 0.03])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_counts_say_what_rows_say(weighted, tau, confidence):
    loss, tails, weight = made()
    own = weight if weighted else None
    standard = Standard(tau=tau, confidence=confidence)
    wrong, parts, cells = in_cells(loss, tails, weight)  # which nobody asks for, where rows count alike
    rng = np.random.default_rng(0)
    expected = held_out_gaps(loss, tails, standard, known=loss, rng=rng, weight=own)
    found = counted_gaps(wrong, parts, standard, cells=cells, weighted=weighted)
    for one, other in zip(found[:2], expected[:2], strict=True):
        assert one.reason == other.reason == ""
        for name in NUMBERS:
            assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-9), name
        assert (one.interval.low, one.interval.high) == pytest.approx(
            (other.interval.low, other.interval.high), rel=1e-9
        )
        assert (one.interval.method, one.interval.confidence) == (other.interval.method, confidence)
    assert found[0].p < found[1].p
    few = found[2]
    assert (few.n, few.rows, few.gap, few.p) == (12, 3000, None, None)
    assert few.share == pytest.approx(weight[:12].sum() / weight.sum() if weighted else 12 / 3000)
    told = few.reason.replace("other rows", "held-out rows")
    assert told == expected[2].reason
    assert "in the tail, 30 needed" in told


@pytest.mark.parametrize("least", [0, 1])
def test_two_rows_on_each_side_are_the_fewest(least):
    wrong, tail = np.array([True, False, True]), np.array([True, False, False])
    ones = np.array([1, 40, 40])
    cells = Cells(rows=ones, weights=ones.astype(float), squares=ones.astype(float))
    (found,) = counted_gaps(wrong, [tail], Standard(min_n=least), cells=cells, weighted=False)
    assert found.reason == "insufficient evidence: 1 other rows in the tail, 2 needed"
    (other,) = counted_gaps(wrong, [~tail], Standard(min_n=least), cells=cells, weighted=False)
    assert other.reason == "insufficient evidence: 1 other rows outside the tail, 2 needed"
    two = Cells(rows=ones + 1, weights=ones + 1.0, squares=ones + 1.0)
    assert counted_gaps(wrong, [tail], Standard(min_n=least), cells=two, weighted=False)[0].gap is not None


def test_where_no_tail_has_enough_rows_nothing_is_tested():
    loss, tails, weight = made()
    wrong, parts, cells = in_cells(loss, tails, weight)
    for weighted in (False, True):
        found = counted_gaps(wrong, parts, Standard(min_n=5000), cells=cells, weighted=weighted)
        assert [one.gap for one in found] == [None, None, None]


def test_sides_that_are_too_few_alike_are_told_of_the_tail():
    wrong, tail = np.array([True, False]), np.array([True, False])
    cells = Cells(rows=np.array([7, 7]), weights=np.array([7.0, 7.0]), squares=np.array([7.0, 7.0]))
    (found,) = counted_gaps(wrong, [tail], Standard(), cells=cells, weighted=False)
    assert found.reason == "insufficient evidence: 7 other rows in the tail, 30 needed"


def test_rows_that_weigh_nothing_are_worth_none_and_the_unit_of_weights_does_not_matter():
    loss, tails, weight = made()
    wrong, parts, cells = in_cells(loss, tails, weight)
    one, other = (
        counted_gaps(wrong, parts, Standard(), cells=Cells(rows=cells.rows, weights=cells.weights * unit,
                     squares=cells.squares * unit**2), weighted=True)
        for unit in (1.0, 1e-6)
    )  # fmt: skip
    assert [a.p for a in one[:2]] == pytest.approx([b.p for b in other[:2]], rel=1e-6)
    assert [a.reason for a in one] == [b.reason for b in other]
    light = np.where(parts[0], 0.0, cells.weights)
    (found,) = counted_gaps(
        wrong,
        parts[:1],
        Standard(),
        cells=Cells(rows=cells.rows, weights=light, squares=light**2),
        weighted=True,
    )
    assert found.reason == "insufficient evidence: 0 other rows' worth of weight in the tail, 30 needed"
