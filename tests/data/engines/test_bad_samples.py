"""What cannot be mined on a sample is one sentence, and what is left out of it is named."""

import sqlite3
from contextlib import closing

import duckdb
import numpy as np
import pandas as pd
import pytest
from command_line import caller

ROWS = 6_000
ROLES = ("--target", "y", "--pred", "p", "--with", "minoria.slices", "--favourable", "1")
FEW = ("--sample", "2000")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    rng, n = np.random.default_rng(0), ROWS
    table = pd.DataFrame({"g": rng.choice(["a", "b", "c"], n), "x": rng.random(n), "w": rng.random(n)})
    table["y"] = rng.integers(0, 2, n)
    table["p"] = np.where(rng.random(n) < 0.1 + 0.5 * (table["g"] == "a"), 1 - table["y"], table["y"])
    found = tmp_path_factory.mktemp("bad")
    table.to_parquet(found / "t.parquet", index=False)
    score = rng.exponential(size=(n, 8))
    off = rng.random(n) < 1 / (1 + np.exp(16 - 1.2 * score.sum(axis=1)))
    told = pd.DataFrame(score, columns=list("abcdefhi"))
    told = told.assign(y=table["y"], p=np.where(off, 1 - table["y"], table["y"]), lists=[[1]] * n)
    told.to_parquet(found / "lists.parquet", index=False)
    table.assign(x=table["x"].where(np.arange(n) != 3_333, np.nan)).to_parquet(
        found / "gap.parquet", index=False
    )
    table.assign(file_row_number=1).to_parquet(found / "named.parquet", index=False)
    with closing(sqlite3.connect(found / "t.sqlite")) as base, base:
        table.to_sql("people", base, index=False)
        base.execute("CREATE VIEW seen AS SELECT * FROM people")
        base.execute("CREATE TABLE keyed (k INTEGER PRIMARY KEY, y, p) WITHOUT ROWID")
        base.execute("CREATE TABLE mixed (g, x, w, y, p)")
        base.execute("INSERT INTO mixed SELECT * FROM people")
        base.execute("UPDATE mixed SET g = 7 WHERE rowid % 1999 = 0")
    with duckdb.connect(found / "t.duckdb") as base:
        base.sql(f"CREATE TABLE people AS SELECT * FROM '{found}/t.parquet'")  # noqa: S608
        base.sql("CREATE VIEW seen AS SELECT * FROM people")
    return found


@pytest.fixture
def auditkit(capfd, folder, monkeypatch):
    return caller(capfd, folder, monkeypatch)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("t.parquet", "--engine", "duckdb", *ROLES),
         "t.parquet has 6,000 rows, which --sample 200000 holds: leave out --engine, or name fewer"),
        (("t.parquet", *ROLES, *FEW), "--sample is for tables that an engine has: name it with --engine"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--sample", "7"), "--sample"),
        (("t.parquet", "--engine", "duckdb", *ROLES, *FEW, "--split", "g"), "--split: what is drawn is searched"),
        (("t.parquet", "--engine", "duckdb", *ROLES, *FEW, "--score", "x"), "--score: what is confirmed by counts is the loss of predictions, 0 or 1"),
        (("t.parquet", "--engine", "duckdb", *ROLES[4:6], "--outcome", "p", *FEW), "name the column of true labels"),
        (("t.parquet", "--engine", "duckdb", *ROLES, *FEW, "--reveal", "g"), "--reveal: rows that an engine only counts"),
        (("t.parquet", "--engine", "duckdb", *ROLES, *FEW, "--features", "gg"), "t.parquet has no column 'gg'"),
        (("gap.parquet", "--engine", "duckdb", *ROLES, *FEW, "--seed", "4"), "missing"),
        (("named.parquet", "--engine", "duckdb", *ROLES, *FEW),
         "a column is called 'file_row_number', by which DuckDB tells a row's place: rename it"),
        (("t.parquet", *ROLES, "--count-share", "0.5"), "--count-share is for a table beyond memory, with --engine"),
        (("t.parquet", "--engine", "duckdb", *ROLES, *FEW, "--count-share", "0.1"),
         "--count-share 0.1 is less than the sample, which is searched without it"),
        (("t.parquet", "--engine", "duckdb", *ROLES, *FEW, "--count-share", "0.5", "--stability", "3"),
         "--stability draws rows anew, and those that --count-share searches are only counted: leave one out"),
        (("t.parquet", "--engine", "duckdb", *ROLES, *FEW, "--count-share", "1"), "count-share"),
        (("sqlite:t.sqlite?table=mixed", *ROLES, *FEW, "--count-share", "0.5"), "holds texts beside numbers in one"),
        (("sqlite:t.sqlite?table=seen", *ROLES, *FEW), "the rows of table 'seen' of t.sqlite have no rowid"),
        (("sqlite:t.sqlite?table=keyed", *ROLES, *FEW), "the rows of table 'keyed' of t.sqlite have no rowid"),
        (("sqlite:t.sqlite?table=mixed", *ROLES, *FEW), "holds texts beside numbers in one"),
        (("sqlite:t.sqlite?query=SELECT * FROM people", *ROLES, *FEW), "the rows of the query of t.sqlite have no rowid"),
        (("duckdb:t.duckdb?table=seen", *ROLES, *FEW), "the rows of table 'seen' of t.duckdb have no rowid"),
        (("duckdb:t.duckdb?query=FROM people", *ROLES, *FEW), "the rows of the query of t.duckdb have no rowid"),
    ],
)  # fmt: skip
def test_what_cannot_be_mined_on_a_sample_is_one_sentence(auditkit, arguments, sentence):
    done = auditkit("mine", *arguments)
    assert done.code in {2, 4}
    assert sentence in done.err
    assert "Traceback" not in done.err
    assert done.err.count("\n") <= 2


def test_too_many_combinations_of_searched_columns_are_refused_by_name(auditkit, monkeypatch):
    monkeypatch.setattr("auditkit.data.engines.aggregate.MOST_CELLS", 100)
    done = auditkit("mine", "t.parquet", "--engine", "duckdb", *ROLES, *FEW, "--count-share", "0.5")
    assert done.code == 2
    assert "more than 100 combinations of y, p, " in done.err
    assert "cut columns into bins, or leave one out" in done.err


def test_counts_and_a_sample_are_two_runs(auditkit, folder):
    recipe = """version: 1
name: both
data: {path: t.parquet, target: y, pred: p, engine: duckdb, sample: 2000}
groups: {g: {column: g}}
steps: [{id: mined, use: minoria.slices}, {id: rates, use: rates}]
"""
    (folder / "both.yaml").write_text(recipe)
    done = auditkit("run", "both.yaml")
    assert done.code == 2
    assert "minoria.slices searches a sample, and rates does not: run one after the other" in done.err
    done = auditkit(
        "audit", "t.parquet", "--engine", "duckdb", "--sample", "2000", *ROLES[:4], "--groups", "g"
    )
    assert "--sample is for steps that need rows, such as minoria: counts are of all rows" in done.err


@pytest.mark.slow
def test_lists_are_not_read_and_scores_without_a_rule_are_named(auditkit):
    done = auditkit(
        "mine", "lists.parquet", "--engine", "duckdb", "--target", "y", "--pred", "p", "--with", "minoria.climb",
        *FEW, "--json",
    )  # fmt: skip
    assert done.code == 0
    why = [one["why"] for one in done.report["skipped"]]
    assert any(one.startswith("a linear score without a plain rule near it") for one in why)
    assert "lists" not in done.report["subject"]["features"]


@pytest.mark.slow
def test_a_row_without_a_number_is_left_out_where_it_may_be(auditkit):
    done = auditkit("mine", "gap.parquet", "--engine", "duckdb", *ROLES, *FEW, "--missing", "drop", "--json")
    assert done.code == 0
    told = " ".join(done.report["notes"])
    assert (
        "1 lack one of 'x', 'w' and were left out" in told
        or "1 rows with missing values were left out" in told
    )


def test_files_that_change_meanwhile_are_noticed(auditkit, folder, monkeypatch):
    from auditkit.data.engines import sample

    answer = sample.answer_of

    def later(place, question, spec):
        table = pd.read_parquet(folder / "t.parquet")
        table.iloc[:-1].to_parquet(folder / "moved.parquet", index=False)
        return answer(place, question, spec)

    pd.read_parquet(folder / "t.parquet").to_parquet(folder / "moved.parquet", index=False)
    monkeypatch.setattr(sample, "answer_of", later)
    done = auditkit("mine", "moved.parquet", "--engine", "duckdb", *ROLES, *FEW)
    assert done.code == 4
    assert "moved.parquet changed while it was read: of" in done.err
