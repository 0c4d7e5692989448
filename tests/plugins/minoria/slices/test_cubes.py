"""Every conjunction counted at once equals one counted at a time, and every best part the best of all by force."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from plugins.minoria.slices.made import levels

from auditkit_minoria.kernels.cubes import best_intervals, best_sets, strength
from auditkit_minoria.slices.cells import Limits, z2_of
from auditkit_minoria.slices.cubes import WIDEST, counted


def twelve_columns(n=2000, seed=0):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({f"c{i}": rng.choice(list("abcdefg")[: 2 + i % 5], n) for i in range(8)})
    table["c8"] = rng.normal(size=n)
    table["c9"] = rng.integers(0, 6, n)
    table["c10"] = np.where(rng.random(n) < 0.1, np.nan, rng.exponential(size=n))
    table["c11"] = pd.Series(rng.choice(["x", "y", "z"], n)).where(rng.random(n) > 0.05)
    return table


def one_at_a_time(given, loss, least, conditions):
    """Rows, loss and column places of every conjunction with enough rows, and how many have fewer."""
    found, small = {}, dict.fromkeys(range(1, conditions + 1), 0)
    for k in range(1, conditions + 1):
        for places in combinations(range(len(given.columns)), k):
            sizes = [range(given.columns[place].count) for place in places]
            for chosen in product(*sizes):
                inside = np.ones(given.n, dtype=bool)
                for place, level in zip(places, chosen, strict=True):
                    inside &= given.columns[place].codes == level
                if inside.sum() >= least:
                    found[places, chosen] = (int(inside.sum()), float(loss[inside].sum()))
                else:
                    small[k] += int(inside.any())
    return found, small


@pytest.mark.parametrize("real", [False, True])
def test_every_conjunction_of_twelve_columns_is_counted_as_one_at_a_time(real):
    table = twelve_columns()
    rng = np.random.default_rng(1)
    loss = rng.exponential(size=2000) if real else (rng.random(2000) < 0.2).astype(float)
    given = levels(table)
    found = counted(given, loss, Limits(conditions=2, least=25, most=1000))
    expected, _ = one_at_a_time(given, loss, 25, 2)
    got = {
        (tuple(c), tuple(v)): (r, t)
        for cells in found.cells.values()
        for c, v, r, t in zip(
            cells.columns.tolist(),
            cells.levels.tolist(),
            cells.rows.tolist(),
            cells.total.tolist(),
            strict=True,
        )
    }
    assert set(got) == set(expected)
    for key, (rows, total) in expected.items():
        assert got[key][0] == rows
        assert got[key][1] == pytest.approx(total, abs=1e-9)


def test_conjunctions_of_three_and_their_ranking_are_those_of_a_slow_count():
    table = twelve_columns(n=500)[["c0", "c1", "c2", "c8", "c10", "c11"]]
    loss = np.random.default_rng(2).exponential(size=500)
    given = levels(table)
    found = counted(given, loss, Limits(conditions=3, least=12, most=250))
    expected, _ = one_at_a_time(given, loss, 12, 3)
    mean, variance = loss.mean(), loss.var()
    for k in (1, 2, 3):
        cells = found.cells[k]
        slow = []
        for (_, chosen), (rows, total) in expected.items():
            if len(chosen) == k:
                gap = total / rows - mean
                slow.append(rows * gap**2 / (1 - rows / 500) / variance if gap > 0 else 0.0)
        assert sorted(z2_of(cells, 500, mean, variance)) == pytest.approx(sorted(slow))


def test_with_weights_a_conjunction_has_the_mass_and_the_weighted_loss_of_its_rows():
    table = twelve_columns(n=500)[["c0", "c1", "c8", "c11"]]
    rng = np.random.default_rng(3)
    loss, weight = rng.exponential(size=500), rng.lognormal(size=500)
    given, limits = levels(table), Limits(conditions=3, least=12, most=250)
    found, plain = counted(given, loss, limits, weight=weight), counted(given, loss, limits)
    for k, cells in found.cells.items():
        assert cells.rows.tolist() == plain.cells[k].rows.tolist()
        for columns, chosen, mass, total in zip(
            cells.columns, cells.levels, cells.mass, cells.total, strict=True
        ):
            inside = [
                i
                for i in range(500)
                if all(given.columns[c].codes[i] == v for c, v in zip(columns, chosen, strict=True))
            ]
            assert mass == pytest.approx(sum(weight[i] for i in inside))
            assert total == pytest.approx(sum(weight[i] * loss[i] for i in inside))


def test_conjunctions_that_have_a_row_but_too_few_are_counted():
    table = twelve_columns(n=500)[["c0", "c1", "c2"]]
    given = levels(table)
    found = counted(given, np.zeros(500), Limits(conditions=1, least=150, most=250))
    _, small = one_at_a_time(given, np.zeros(500), 150, 1)
    assert found.cells[1].small == small[1] > 0


def test_of_many_columns_longer_conjunctions_are_of_those_that_stand_out(monkeypatch):
    monkeypatch.setitem(WIDEST, 2, 3)
    table = twelve_columns(n=1000)
    loss = (table["c1"] == "a").to_numpy(dtype=float)
    found = counted(
        levels(table), loss, Limits(conditions=2, least=20, most=500), spread=(loss.var(), loss.mean())
    )
    assert found.columns[1] == tuple(range(12))
    assert len(found.columns[2]) == 3
    assert 1 in found.columns[2]


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(-3, 3)), min_size=2, max_size=9))
def test_the_best_set_is_the_best_of_all_sets(made):
    rows = np.array([[one[0] for one in made]], dtype=np.int64)
    excess = np.array([[one[0] * one[1] for one in made]])
    whole = 2.0 * rows.sum() + 1
    worth, size = np.empty(1), np.empty(1, dtype=np.int64)
    best_sets(
        rows.astype(float), excess, rows, np.array([1, 10**6]), whole, np.zeros(len(made) + 1), worth, size
    )
    present = [i for i in range(len(made)) if rows[0, i]]
    by_force = [
        strength(float(rows[0, list(chosen)].sum()), float(excess[0, list(chosen)].sum()), whole)
        for k in range(1, len(present) + 1)
        for chosen in combinations(present, k)
    ]
    best = max(by_force, default=0.0)
    assume(not by_force or best > by_force[-1])  # all levels together are no condition
    assert (max(worth[0], 0.0)) == pytest.approx(best, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(-3, 3)), min_size=2, max_size=12), st.integers(1, 40))
def test_the_best_interval_is_the_best_of_all_intervals(made, least):
    rows = np.array([[one[0] for one in made]], dtype=np.int64)
    excess = np.array([[one[0] * one[1] for one in made]])
    whole, b = 2.0 * rows.sum() + 1, len(made)
    found, ends = np.empty((1, 2)), np.empty((1, 2, 2), dtype=np.int64)
    best_intervals(rows.astype(float), excess, rows, np.array([least, 10**6]), whole, found, ends)
    by_force = [0.0, 0.0]
    for first, stop in combinations(range(b + 1), 2):
        if (first, stop) != (0, b) and rows[0, first:stop].sum() >= least:
            kind = 0 if first == 0 or stop == b else 1
            value = strength(float(rows[0, first:stop].sum()), float(excess[0, first:stop].sum()), whole)
            by_force[kind] = max(by_force[kind], value)
    assert found[0].tolist() == pytest.approx(by_force, abs=1e-9)
