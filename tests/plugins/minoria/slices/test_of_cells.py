"""Slices of cells are those of the rows that the cells stand for."""

import numpy as np
import pandas as pd
import pytest

from auditkit import Cells, Subject
from auditkit_minoria.features.levels import levels_of
from auditkit_minoria.slices.cells import Limits
from auditkit_minoria.slices.find import best_slices
from auditkit_minoria.slices.of_cells import edges_of, levels_of_cells, slices_of_cells

N = 6_000


def rows(seed=0):
    """Categories and numbers of few values, missing ones too; wrong more often in two planted slices."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "a": rng.choice(["p", "q", "r", None], N, p=[0.4, 0.3, 0.2, 0.1]),
            "b": rng.choice(list("uvwx"), N),
            "x": rng.choice([1.0, 2.0, 3.5, 4.0, 7.0, np.nan], N),
            "k": rng.integers(0, 9, N),
            "y": rng.integers(0, 2, N),
            "w": rng.integers(1, 5, N) * 500.0,
        }
    )
    chance = (
        0.1 + 0.3 * ((table.a == "q") & (table.x >= 3.5)) + 0.25 * (table.b.isin(["u", "w"]) & (table.k < 2))
    )
    return table.assign(p=np.where(rng.random(N) < chance, 1 - table.y, table.y))


def counted(table, *, weight):
    """Return the cells of the rows as an engine would, numbers as they are."""
    keys = ["a", "b", "x", "k", "y", "p"]
    heavy = table.assign(w=table.w if weight else 1.0)
    found = heavy.groupby(keys, dropna=False).w.agg(["size", "sum", lambda w: (w**2).sum()]).reset_index()
    cells = Cells(rows=found["size"].to_numpy(np.int64), weights=found["sum"].to_numpy(np.float64),
                  squares=found.iloc[:, -1].to_numpy(np.float64))  # fmt: skip
    return Subject(table=found[keys], source="made", target="y", pred="p", cells=cells, missing="impute")


@pytest.mark.parametrize(
    ("weight", "least", "most"),
    [(False, 60, N // 2), (True, 60, N // 2), (False, 60, 700), (False, 1000, 2400), (True, 500, 800)],
)
def test_slices_of_cells_are_those_of_the_rows(weight, least, most):
    table = rows()
    of_rows = levels_of(Subject(table=table, source="made", target="y"), ["a", "b", "x", "k"])
    limits = Limits(conditions=3, least=least, most=most)
    loss = (table.y != table.p).to_numpy(np.float64)
    w = table.w.to_numpy() * table.w.sum() / (table.w**2).sum() if weight else None
    best, _ = best_slices(of_rows, loss, limits, top=4, weight=w)
    subject = counted(table, weight=weight)
    edges, apart = edges_of(of_rows)
    assert not apart
    assert list(edges) == ["a", "b", "x", "k"]
    assert edges["a"] == ()
    levels = levels_of_cells(subject, of_rows.columns)
    assert levels.n < N / 2
    found = slices_of_cells(subject, levels, limits, top=4, found_by="counts")
    assert [one.conditions for one in found] == [one.rule for one in best]
    assert [one.wider for one in found] == [one.wider for one in best]
    assert found
    if most == N // 2:
        assert {"a", "x"} in [{one.name for one in slice_.conditions} for slice_ in found]
        assert {"b", "k"} in [{one.name for one in slice_.conditions} for slice_ in found]


def test_dates_and_numbers_beyond_what_a_bin_can_tell_are_named():
    table = pd.DataFrame(
        {
            "day": pd.date_range("2020-01-01", periods=60),
            "far": -1e300 * np.arange(1, 61),
            "near": np.arange(60),
        }
    )
    edges, apart = edges_of(levels_of(Subject(table=table, source="made"), list(table)))
    assert list(edges) == ["near"]
    assert dict(apart).keys() == {"day", "far"}
    assert edges["near"][0] == -np.inf
    assert edges["near"][-1] == np.inf
