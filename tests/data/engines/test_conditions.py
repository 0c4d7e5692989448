"""A condition that an engine works out holds of the rows that the group's expression selects in memory."""

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.data.engines.conditions.condition import condition_of
from auditkit.data.engines.conditions.in_sql import Texts
from auditkit.data.engines.conditions.lazily import holds
from auditkit.data.formats.arrow import plain_frame
from auditkit.data.memory import Room
from auditkit.errors import UsageError
from auditkit.groups.expressions import select_rows

STAMPS = [
    "2020-01-01",
    "2021-06-01 12:30:00.000001",
    None,
    "1969-12-31 23:59:59",
    "2021-06-01",
    None,
    "2262-01-01",
]
TABLE = pd.DataFrame(
    {
        "n": [0, 1, 2, -3, 30, 2**53 + 1, 7],
        "x": [0.1, np.nan, np.inf, -np.inf, 30.0, -0.0, 1e-300],
        "f": np.array([0.1, np.nan, 0.3, 0.7, 30.0, 1.0, 2.0], dtype=np.float32),
        "maybe": pd.array([1, None, 0, 30, None, 7, 8], dtype="Int64"),
        "text": ["a", "A", None, 'it\'s "x"', "", "ß`@#", "30"],
        "ok": [True, False, True, True, False, False, True],
        "day": pd.to_datetime(pd.Series(STAMPS), format="ISO8601").astype("datetime64[us]"),
        "a b\"'`": [1, 2, 3, 4, 5, 6, 7],
    }
)
ARROW = pa.Table.from_pandas(TABLE)
PLAIN = plain_frame(ARROW, Path("t"), Room())
"""As a Parquet file of these columns is read into memory."""
DAYS = '(`day`.dt.as_unit("ns").astype("int64") / 86400000000000.0)'
NUMBERS = ("0", "1", "-3", "30", "30.0", "0.1", "1e999", "-1e999", "9007199254740993", "2.5", "0.7", "True")
TEXTS = ("'a'", "'A'", "''", '"it\'s \\"x\\""', "'ß`@#'", "'30'", "'nobody'")
WHEN = ('"2021-06-01"', '"2021-06-01 12:30:00.000001"', '"1900-01-01"')
SIGNS = ("==", "!=", "<", "<=", ">", ">=")
NUMERIC = ("n", "x", "f", "maybe", "ok", '@table["a b\\"\'`"]')
LEAVES = (
    *(f"({column} {sign} {number})" for column in NUMERIC for sign in SIGNS for number in NUMBERS),
    *(f"({number} {sign} n)" for sign in SIGNS for number in NUMBERS[:4]),
    *(f"(text {sign} {text})" for sign in SIGNS for text in TEXTS),
    *(f"({column}.{word}())" for column in (*NUMERIC, "text") for word in ("isna", "notna")),
)
DATED = (
    "day.isna()", "day.notna()", *(f"(day {sign} {when})" for sign in SIGNS for when in WHEN),
    *(f"({DAYS} {sign} {days!r}) & (day.notna())" for sign in SIGNS[2:]
      for days in (18779.0, 18779.520833333346, -1.0, 0.0, 1e9, -1e9)),
)  # fmt: skip


def frames():
    base = duckdb.connect(":memory:")
    return {
        "duckdb": nw.from_native(base.from_arrow(ARROW)),
        "polars": nw.from_native(pl.from_arrow(ARROW).lazy()),
    }


def by_narwhals(frame, expressions):
    schema = dict(frame.collect_schema())
    asked = [holds(condition_of(one), schema).alias(f"c{i}") for i, one in enumerate(expressions)]
    found = frame.select(nw.col("n"), *asked).collect("pyarrow").to_native().to_pandas()
    found = found.set_index("n").loc[TABLE["n"]]
    assert not found.isna().any().any()
    return found.to_numpy(dtype=bool).T.tolist()


def by_sqlite(expressions):
    with closing(sqlite3.connect(":memory:")) as base:
        PLAIN.drop(columns=["day"]).assign(maybe=TABLE["maybe"].astype(object)).to_sql("t", base, index=False)
        texts = Texts()
        asked = ", ".join(texts.sql(condition_of(one)) for one in expressions)
        rows = base.execute(f"SELECT {asked} FROM t ORDER BY rowid", texts.values).fetchall()  # noqa: S608
    assert all(value is not None for row in rows for value in row)
    return np.array(rows, dtype=bool).T.tolist()


def in_memory(expressions):
    return [select_rows(one, PLAIN).tolist() for one in expressions]


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_an_engine_finds_the_rows_that_an_expression_selects_in_memory(engine):
    asked = [*LEAVES, *DATED]
    found = by_narwhals(frames()[engine], asked)
    wrong = [one for one, mine, theirs in zip(asked, found, in_memory(asked), strict=True) if mine != theirs]
    assert not wrong


def test_sqlite_finds_the_rows_that_an_expression_selects_in_memory():
    wrong = []
    for start in range(0, len(LEAVES), 100):
        asked = LEAVES[start : start + 100]
        pairs = zip(asked, by_sqlite(asked), in_memory(asked), strict=True)
        wrong += [one for one, mine, theirs in pairs if mine != theirs]
    assert not wrong


joined = st.recursive(
    st.sampled_from(LEAVES),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from(("&", "|", "and", "or")), part).map(lambda t: f"({' '.join(t)})"),
        part.map(lambda one: f"(~{one})"),
        part.map(lambda one: f"(not {one})"),
    ),
    max_leaves=6,
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(joined, min_size=1, max_size=8))
def test_joined_and_turned_conditions_hold_of_the_same_rows(expressions):
    wanted = in_memory(expressions)
    assert by_narwhals(frames()["duckdb"], expressions) == wanted
    assert by_sqlite(expressions) == wanted


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("2.0 * n >= 3", "an engine compares columns with constants, and this holds arithmetic over columns"),
        ("n + 1 > x", "and this holds"),
        ("x.fillna(3.0) > 2", "and this holds a method of a column"),
        ("@embeddings[3] > 1", "an engine compares columns with constants"),
        ("ok", "an engine compares columns with constants"),
        (f"{DAYS} == 3.0", "an engine compares dates by <, <=, > and >= only"),
        ("n < 'a'", "column 'n' is of type Int64, and is compared with 'a'"),
        ("text == 3", "column 'text' is of type String, and is compared with 3"),
        (f"{DAYS.replace('day', 'n')} >= 3.0", "column 'n' is of type Int64, and is compared with a date"),
        ("~" * 3000 + "(n == 1)", "it is nested too deeply"),
    ],
)
def test_what_no_engine_works_out_is_one_sentence(expression, why):
    with pytest.raises(UsageError) as caught:
        holds(condition_of(expression), dict(frames()["duckdb"].collect_schema()))
    assert why in str(caught.value)


def test_a_value_of_another_kind_leaves_a_condition_of_sqlite_undecided():
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute("CREATE TABLE t (a)")
        base.executemany("INSERT INTO t VALUES (?)", [(1,), ("x",), (None,), (b"x",)])
        for expression, wanted in (("a > 0", [1, None, 0, None]), ("a == 'x'", [None, 1, 0, None])):
            texts = Texts()
            asked = f"SELECT {texts.sql(condition_of(expression))} FROM t ORDER BY rowid"  # noqa: S608
            assert [value for (value,) in base.execute(asked, texts.values)] == wanted
