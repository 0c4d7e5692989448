"""The same rows are drawn by every engine, and they are as rows drawn by chance."""

import sqlite3
from contextlib import closing

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from auditkit.data.engines.draw import OTHER, PLACE, PRIME, Draw

PLACES = [*range(2_000), PRIME - 1, PRIME, PRIME + 1, OTHER, 10**10, 10**12 + 7, 2**62]


def slow(draw, place):
    cube, square, line, other, one = draw.coefficients
    low = place % PRIME
    return (cube * low**3 + square * low**2 + line * low + other * (place % OTHER) + one) % PRIME


@pytest.mark.parametrize("seed", [0, 1, 2**40])
def test_every_engine_hashes_a_place_to_the_same_number(seed):
    draw = Draw(seed, 0.5)
    wanted = [slow(draw, place) for place in PLACES]
    assert all(0 <= one < PRIME for one in wanted)
    assert [draw.hashed(place) for place in PLACES] == wanted
    assert draw.hashed(np.array(PLACES, dtype=np.int64)).tolist() == wanted
    table = pd.DataFrame({PLACE: PLACES})
    base = duckdb.connect(":memory:")
    base.register("t", table)
    for native in (table, pl.DataFrame(table).lazy(), base.table("t")):
        found = nw.from_native(native).lazy().select(PLACE, h=draw.hashed(nw.col(PLACE))).collect("pandas")
        assert found.to_native().set_index(PLACE).loc[PLACES, "h"].tolist() == wanted
    with closing(sqlite3.connect(":memory:")) as file:
        table.set_axis(["place"], axis=1).to_sql("t", file, index=False)
        asked = f"SELECT {draw.sql('place')} FROM t ORDER BY rowid"  # noqa: S608
        assert [one for (one,) in file.execute(asked)] == wanted


def test_rows_below_zero_are_drawn_as_others_are():
    with closing(sqlite3.connect(":memory:")) as file:
        (found,) = file.execute(f"SELECT {Draw(0, 0.5).sql('-7')}").fetchone()
    assert 0 <= found < PRIME


def test_a_draw_is_as_large_as_asked_and_blind_to_periods():
    n, share = 1_000_000, 0.02
    for seed in range(5):
        draw = Draw(seed, share)
        drawn = draw.hashed(np.arange(n, dtype=np.int64)) < draw.below
        assert abs(drawn.sum() - n * share) < 5 * np.sqrt(n * share)
        for period in (2, 7, 100, 1_000):
            counts = np.bincount(np.flatnonzero(drawn) % period, minlength=period)
            expected = drawn.sum() / period
            chi2 = float(((counts - expected) ** 2 / expected).sum())
            assert abs(chi2 - (period - 1)) < 6 * np.sqrt(2 * (period - 1)) + 3
        gaps = drawn[1:] & drawn[:-1]
        assert abs(gaps.sum() - n * share**2) < 5 * np.sqrt(n * share**2)


def test_another_seed_draws_other_rows():
    places = np.arange(100_000)
    one, other = (draw.hashed(places) < draw.below for draw in (Draw(0, 0.1), Draw(1, 0.1)))
    assert (one & other).sum() == pytest.approx(1_000, abs=200)
