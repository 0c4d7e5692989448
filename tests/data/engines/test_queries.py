"""A query of a database is one statement that reads its file and nothing else; what fails half-way is one sentence."""

import shutil
import sqlite3
from contextlib import closing

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_line import caller

ROLES = ("--target", "y", "--pred", "p", "--groups", "sex", "--favourable", "1")
N = 20_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """People of whom one far down has a text that is no number, and a zero that nobody divides by."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"sex": rng.choice(["f", "m"], N), "y": rng.integers(0, 2, N), "p": rng.integers(0, 2, N)}
    )
    table["income"] = np.where(np.arange(N) == N - 100, "unknown", "1000")
    folder = tmp_path_factory.mktemp("queries")
    table.to_parquet(folder / "t.parquet", index=False, row_group_size=1_000)
    with closing(sqlite3.connect(folder / "t.sqlite")) as base:
        table.to_sql("people", base, index=False)
    with duckdb.connect(folder / "t.duckdb") as base:
        base.sql(f"CREATE TABLE people AS SELECT * FROM '{folder}/t.parquet'")  # noqa: S608
    (folder / "secret.csv").write_text("sex,y,p\nf,1,1\nm,0,1\nf,0,0\nm,1,1\n")
    return folder


@pytest.fixture
def folder(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def auditkit(capfd, folder, monkeypatch):
    return caller(capfd, folder, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["duckdb", "sqlite"])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM people WHERE sex <> 'x' -- all of them",
        "WITH told AS (SELECT sex, y + 0 AS y, p FROM people) SELECT * FROM told;",
        "SELECT sex, y, p FROM people WHERE 1 + 1 = 2 & 3 /* a?b=c&d */",
    ],
)
def test_a_query_is_audited_as_its_table_is(auditkit, scheme, query):
    table = auditkit("audit", f"{scheme}:t.{scheme}?table=people", *ROLES, "--json").report
    found = auditkit("audit", f"{scheme}:t.{scheme}?query={query}", *ROLES, "--json").report
    assert found["findings"] == table["findings"]


@pytest.mark.parametrize("scheme", ["duckdb", "sqlite"])
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "or ?query=SELECT ..."),
        ("SELECT 1; SELECT 2", "query=: one SELECT statement is read"),
        ("DROP TABLE people", "query=: one SELECT statement is read"),
        ("INSERT INTO people VALUES ('f', 1, 1, 'x')", "query=: one SELECT statement is read"),
        ("ATTACH 'secret.csv' AS x", "query=: one SELECT statement is read"),
        ("PRAGMA user_version = 3", "query=: one SELECT statement is read"),
        ("SELECT * FROM people) UNION SELECT * FROM (SELECT 1", "query=: one SELECT statement is read"),
        ("SELECT nothing FROM people", "could not count"),
        ("SELECT sex, y FROM people", "has no column 'p'"),
        ("SELECT * FROM people WHERE y > 7", "has 0 rows; at least 3 are needed"),
    ],
)
def test_a_query_that_is_none_is_refused_in_one_sentence(auditkit, scheme, query, sentence):
    done = auditkit("audit", f"{scheme}:t.{scheme}?query={query}", *ROLES)
    refused = "query=: one SELECT statement is read"
    assert done.code in {2, 4}
    assert sentence in done.err or (sentence == "could not count" and refused in done.err)
    assert "Traceback" not in done.err
    assert done.err.count("\n") <= 2


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM 'secret.csv'", "SELECT * FROM read_csv('secret.csv')", "SELECT * FROM read_text('secret.csv')",
        "SELECT * FROM glob('*')", "SELECT * FROM table_of_python",
    ],
)  # fmt: skip
def test_a_query_of_duckdb_reads_no_other_file(auditkit, query):
    table_of_python = pd.DataFrame({"sex": ["f", "m"] * 2, "y": [0, 1] * 2, "p": [1, 0] * 2})
    done = auditkit("audit", f"duckdb:t.duckdb?query={query}", *ROLES)
    assert len(table_of_python) == 4
    assert done.code == 4
    assert done.err.count("\n") <= 2
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "path",
    [
        "duckdb:t.duckdb?query=SELECT sex, y, p, CAST(income AS INTEGER) AS p2 FROM people WHERE CAST(income AS INT) > 0",
        "duckdb:t.duckdb?query=SELECT sex, y, CAST(income AS INTEGER) AS p FROM people",
        "duckdb:t.duckdb?query=SELECT sex, y, p FROM people WHERE error('stop ' || income) IS NULL",
        "sqlite:t.sqlite?query=SELECT sex, y, p FROM people WHERE abs(-9223372036854775807 - y) >= 0",
    ],
)
def test_a_query_that_fails_half_way_is_one_sentence_and_writes_nothing(auditkit, folder, path):
    done = auditkit("audit", path, *ROLES, "-o", "found.html")
    assert done.code == 4
    assert "could not count" in done.err
    assert "Traceback" not in done.err
    assert done.err.count("\n") <= 3
    assert not (folder / "found.html").exists()


def torn(folder):
    """Break the pages of the file's middle; its footer stays."""
    whole = bytearray((folder / "t.parquet").read_bytes())
    start, end = int(len(whole) * 0.2), int(len(whole) * 0.5)
    whole[start:end] = bytes(end - start)
    (folder / "torn.parquet").write_bytes(whole)


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("dask", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "command", [("audit", "--groups", "sex"), ("mine", "--sample", "2000", "--with", "minoria.slices")]
)
def test_a_file_torn_in_its_middle_is_one_sentence(auditkit, folder, engine, command):
    torn(folder)
    done = auditkit(
        command[0],
        "torn.parquet",
        "--engine",
        engine,
        "--target",
        "y",
        "--pred",
        "p",
        "--favourable",
        "1",
        *command[1:],
    )
    assert done.code == 4
    assert "could not count torn.parquet: " in done.err
    assert "Traceback" not in done.err
    assert done.err.count("\n") <= 3


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("dask", marks=pytest.mark.slow)])
def test_a_file_that_goes_away_while_it_is_read_is_one_sentence(auditkit, folder, engine, monkeypatch):
    from auditkit.data.engines import subject

    asked = subject.aggregated

    def gone(frame, question, *, source):
        (folder / "t.parquet").unlink()
        return asked(frame, question, source=source)

    monkeypatch.setattr(subject, "aggregated", gone)
    done = auditkit("audit", "t.parquet", "--engine", engine, *ROLES)
    assert done.code == 4
    assert "could not count t.parquet: " in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("scheme", ["duckdb", "sqlite"])
def test_texts_that_a_table_holds_for_equal_stay_apart(auditkit, folder, scheme):
    """As they do in memory: a collation that knows no capitals would give each cell the name of its first row."""
    rows = [(["f", "F", "m"][i % 3], i % 2, i // 2 % 2) for i in range(300)]
    made = "CREATE TABLE t (sex VARCHAR COLLATE NOCASE, y INT, p INT)"
    if scheme == "duckdb":
        with duckdb.connect(folder / "nocase.duckdb") as base:
            base.execute(made)
            base.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    else:
        with closing(sqlite3.connect(folder / "nocase.sqlite")) as base, base:
            base.execute(made)
            base.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    for asked in ("table=t", "query=SELECT * FROM t"):
        done = auditkit("audit", f"{scheme}:nocase.{scheme}?{asked}", *ROLES, "--json")
        groups = {one["name"]: one["n"] for one in done.report["groups"]}
        assert groups == {"sex=F": 100, "sex=f": 100, "sex=m": 100}


TABLE = {"sex": ["f", "m"] * 30, "y": [1, 0, 0] * 20, "p": [1, 0, 1, 0] * 15}


def parts(folder, *tables):
    (folder / "odd").mkdir()
    for i, table in enumerate(tables):
        pq.write_table(pa.table(table), folder / "odd" / f"{i}.parquet")


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("dask", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ((), "'odd' is no Parquet file, no folder of any and no pattern that finds one"),
        (({name: values[:0] for name, values in TABLE.items()},), ""),
        ((TABLE, {**TABLE, "sex": [1, 2] * 30}, {name: TABLE[name] for name in ("sex", "y")}), "could not count odd: "),
        ((TABLE, {**TABLE, "y": ["a", "b"] * 30}), "could not count odd: "),
        (({**TABLE, "y": [None] * 60},), ""),
        (({**TABLE, "p": [[1]] * 60},), ""),
        (({**TABLE, "y": [{"a": 1}] * 60},), ""),
    ],
)  # fmt: skip
def test_odd_files_are_one_sentence(auditkit, folder, engine, tables, sentence):
    parts(folder, *tables)
    done = auditkit("audit", "odd", "--engine", engine, *ROLES)
    assert done.code == 4
    assert sentence in done.err
    assert "Traceback" not in done.err
    assert done.err.count("\n") <= 3


ODD = {
    "decimals": pa.array([1, 2] * 30).cast(pa.decimal128(21, 2)),
    "dates": pa.array([18000, 18001] * 30, pa.date32()),
    "moments": pa.array([0, 10**15] * 30, pa.timestamp("us")),
    "truths": pa.array([True, False, None] * 20),
    "bytes": pa.array([b"a", b"b"] * 30),
    "coded": pa.array(["u", "v"] * 30).dictionary_encode(),
    "quo'te\"d; ü 名": pa.array(["it's", 'say "no"', "a;b--", "名"] * 15),
    "times": pa.array([0, 1] * 30, pa.time64("us")),
    "small": pa.array([1.5, None] * 30, pa.float32()),
}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["duckdb", "dask"])
@pytest.mark.parametrize("name", list(ODD))
def test_an_odd_column_is_grouped_as_in_memory_or_refused_in_one_sentence(auditkit, folder, engine, name):
    more = {f"column {i}": [i] * 60 for i in range(200)}
    parts(folder, {**TABLE, name: ODD[name], **more})
    asked = ("--target", "y", "--pred", "p", "--favourable", "1", "--groups", name, "--json")
    rows = auditkit("audit", "odd/0.parquet", *asked)
    done = auditkit("audit", "odd", "--engine", engine, *asked)
    assert "Traceback" not in done.err
    if done.code == 4:
        assert done.err.count("\n") <= 3
        assert name in {"bytes", "times"}
    else:
        assert (done.code, rows.code) == (0, 0), done.err + rows.err
        assert done.report["findings"] == rows.report["findings"]
