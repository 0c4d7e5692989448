"""What an engine cannot do is one sentence, and no word of it is a password."""

import sqlite3
from contextlib import closing

import duckdb
import numpy as np
import pandas as pd
import pytest
from command_line import caller

ROLES = ("--target", "y", "--pred", "p", "--groups", "sex", "--favourable", "1")


@pytest.fixture
def auditkit(capfd, tmp_path, monkeypatch):
    table = pd.DataFrame(
        {"sex": ["f", "m"] * 60, "y": [1, 0, 0] * 40, "p": [1, 0, 1, 0] * 30, "w": [1.0, -2.0] * 60}
    )
    table["lists"] = [[1, 2]] * 120
    table["name"] = [f"n{i}" for i in range(120)]
    table["few"] = [None, 1.0] * 60
    table["number"] = range(120)
    table["s"] = np.where(table["y"] == 1, 0.7, 0.2) + np.linspace(0, 0.2, 120)
    table["away"] = 1 - table["s"]
    table["endless"] = table["s"].where(table["number"] > 3, np.inf)
    table["three"] = ["a", "b", "c"] * 40
    table["three_too"] = table["three"]
    table.to_parquet(tmp_path / "t.parquet", index=False)
    (tmp_path / "text.parquet").write_text("this is no Parquet file")
    (tmp_path / "t.csv").write_text("sex,y\nf,1\n")
    with closing(sqlite3.connect(tmp_path / "t.sqlite")) as base:
        table[["sex", "y", "p"]].to_sql("people", base, index=False)
        table.assign(s=table["s"].astype(str))[["sex", "y", "p", "s"]].to_sql("texts", base, index=False)
        base.execute("CREATE VIEW broken AS SELECT sex, y, p FROM gone")
    with duckdb.connect(tmp_path / "t.duckdb") as base:
        base.execute(f"CREATE VIEW people AS SELECT * FROM '{tmp_path}/t.parquet'")  # noqa: S608
        base.execute("CREATE TABLE odd AS SELECT 1 AS y, 1 AS p, 'f' AS sex")
    return caller(capfd, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("t.parquet", "--engine", "duckdb", "--target", "y", "--pred", "p", "--groups", "sexx"),
         "t.parquet has no column 'sexx'; did you mean 'sex'?"),
        (("t.parquet", "--engine", "duckdb", "--target", "y", "--pred", "p", "--groups", "lists"),
         "column 'lists' of t.parquet is of type List(Int64), which no engine groups by"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--weight", "name"), "weight column 'name' is not a number"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--weight", "w"), "weight column 'w' has negative values"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--weight", "few"),
         "weight column 'few' has 60 missing values; leave those rows out with --missing drop"),
        (("t.parquet", "--engine", "duckdb", "--target", "few", "--pred", "p", "--groups", "sex"),
         "target column 'few' has 60 missing values; leave those rows out with --missing drop"),
        (("t.parquet", "--engine", "duckdb", "--target", "number", "--pred", "p", "--groups", "sex"),
         "target 'number' is a number, whose errors need the rows; an engine only counts"),
        (("t.parquet", "--engine", "duckdb", "--target", "y", "--groups", "sex"),
         "an engine counts predictions that are there: name them with --pred, or decisions with --outcome"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "s", "--metrics", "auc"),
         "metric 'auc' needs each row's score, and an engine only counts: of scores it serves calibration_gap and"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "s", "--metrics", "smd"), "metric 'smd' needs each row's"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--metrics", "brier"), "metric 'brier' needs each row's score"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--metrics", "calibration_gap"),
         "metric 'calibration_gap' is of a score: name its column with --score"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "s", "--metrics", "ece"),
         "bins of equal weight rank rows by their score, and an engine only counts: --calibration-bins hundredths"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "sc"), "t.parquet has no column 'sc'; did you mean 's'?"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "name"), "score column 'name' is not a number"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "lists"), "of type List(Int64), which no engine groups by"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "few"),
         "score column 'few' has 60 missing values; leave those rows out with --missing drop"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "endless"), "score column 'endless' has infinite values"),
        (("t.parquet", "--engine", "dask", *ROLES, "--score", "endless"), "score column 'endless' has infinite values"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "away"),
         "score 'away' is higher where the true labels say '0' than where they say '1' (AUC 0.000)"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "s", "--score-of", "0"),
         "--score-of: a score of the other class is turned around row by row, and an engine only counts; give 1 - score"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "s", "--cut", "0.5"),
         "--cut: a score is cut row by row: name the decisions with --pred; an engine only counts"),
        (("t.parquet", "--engine", "duckdb", "--outcome", "p", "--groups", "sex", "--favourable", "1", "--score", "s"),
         "--score: without true labels, which --target names, scores need the rows; an engine only counts"),
        (("t.parquet", "--engine", "duckdb", "--target", "three", "--pred", "three_too", "--groups", "sex", "--score", "s"),
         "a score is for two classes, but target 'three' has 3 classes; leave out --score"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--score", "p"), "column 'p' cannot be both pred and score"),
        (("sqlite:t.sqlite?table=texts", *ROLES, "--score", "s"), "score column 's' is not a number"),
        (("sqlite:t.sqlite?table=texts", *ROLES, "--weight", "s"), "weight column 's' is not a number"),
        (("t.parquet", "--engine", "duckdb", *ROLES, "--cluster", "name"),
         "--cluster: rows that belong together are followed one by one; an engine only counts"),
        (("t.parquet", "--engine", "duckdb", "--target", "y", "--pred", "y", "--groups", "sex"),
         "column 'y' cannot be both target and pred"),
        (("adult", "--engine", "duckdb", *ROLES), "adult comes with auditkit and fits memory: leave out --engine"),
        (("t.csv", "--engine", "duckdb", *ROLES),
         "t.csv is no .parquet file, which is what --engine reads; leave out --engine to read it whole"),
        (("none/*.parquet", "--engine", "duckdb", *ROLES),
         "'none/*.parquet' is no Parquet file, no folder of any and no pattern that finds one"),
        (("text.parquet", "--engine", "duckdb", *ROLES), "DuckDB could not count text.parquet: "),
        (("text.parquet", "--engine", "dask", *ROLES), "Dask could not count text.parquet: "),
        (("duckdb:t.duckdb", *ROLES), "name one table of the file: duckdb:t.duckdb?table=NAME"),
        (("duckdb:t.duckdb?table=peple", *ROLES), "t.duckdb has no table 'peple'; did you mean 'people'?"),
        (("duckdb:t.duckdb?table=people", *ROLES), "DuckDB could not count duckdb:t.duckdb?table=people: "),
        (("duckdb:t.duckdb?table=odd", *ROLES), "duckdb:t.duckdb?table=odd has 1 rows; at least 3 are needed"),
        (("duckdb:u.duckdb?table=people", *ROLES), "u.duckdb does not exist; did you mean 't.duckdb'?"),
        (("sqlite:t.sqlite?table=peple", *ROLES), "t.sqlite has no table 'peple'; did you mean 'people'?"),
        (("sqlite:t.sqlite?table=broken", *ROLES), "SQLite could not count sqlite:t.sqlite?table=broken: "),
        (("sqlite:t.duckdb?table=people", *ROLES), "SQLite could not count sqlite:t.duckdb?table=people: "),
        (("sqlite:t.sqlite?table=people", "--engine", "dask", *ROLES),
         "sqlite: tables are counted by SQLite itself; leave out --engine dask"),
        (("t.parquet", "--scheduler", "tcp://h:1", "--engine", "duckdb", *ROLES), "--scheduler is for --engine dask"),
        (("t.parquet", "--with", "mime", "--engine", "duckdb", "--target", "y", "--groups", "sex"),
         "mime needs the rows, and an engine gives counts only, which serve rates"),
    ],
)  # fmt: skip
def test_what_an_engine_cannot_do_is_one_sentence(auditkit, arguments, sentence):
    done = auditkit("audit", *arguments)
    assert done.code in {2, 4}
    assert sentence in done.err
    assert "Traceback" not in done.err
    assert done.err.count("\n") <= 2


def test_power_needs_the_rows(auditkit):
    done = auditkit("power", "t.parquet", "--engine", "duckdb", *ROLES)
    assert done.code == 2
    assert "power draws rows, and an engine gives counts only" in done.err


def test_a_condition_counts_the_rows_and_not_the_cells(auditkit, tmp_path):
    groups = "version: 1\ngroups:\n  few: {where: '(sex == \"f\") & (number < 60)'}\n"
    (tmp_path / "groups.yaml").write_text(groups)
    asked = (
        "audit",
        "t.parquet",
        "--target",
        "y",
        "--pred",
        "p",
        "--favourable",
        "1",
        "--groups",
        "groups.yaml",
        "--json",
    )
    rows, cells = auditkit(*asked).report, auditkit(*asked, "--engine", "duckdb").report
    assert cells["findings"] == rows["findings"]
    assert cells["groups"] == rows["groups"]
    assert cells["groups"][0]["n"] == 30


def test_gates_on_counts_are_those_on_rows(auditkit, tmp_path):
    recipe = """version: 1
name: gated
data: {path: t.parquet, target: y, pred: p, favourable: 1%s}
groups: {sex: {column: sex}, gone: {column: few}}
steps: [{id: rates, use: rates}]
gates:
  - {id: gap, on: rates, metric: tpr, compare: to_rest, limit: 0.1}
  - {id: of_one, on: rates, metric: selection_rate, group: "sex=f & gone=unknown", compare: absolute, limit: 0.9}
"""
    gates = []
    for name, more in (("rows", ""), ("cells", ", engine: duckdb")):
        (tmp_path / f"{name}.yaml").write_text(recipe % more)
        gates.append(auditkit("run", f"{name}.yaml", "--json").report["gates"])
    for mine, theirs in zip(*gates, strict=True):
        assert {k: v for k, v in mine.items() if k != "fingerprint"} == {
            k: v for k, v in theirs.items() if k != "fingerprint"
        }


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_named(auditkit, monkeypatch):
    monkeypatch.setattr("auditkit.data.engines.tables.WAIT", "1s")
    done = auditkit("audit", "t.parquet", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", *ROLES)
    assert done.code == 2
    assert (
        "no Dask scheduler answers at tcp://127.0.0.1:1 within 1s; start one with: dask scheduler" in done.err
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("t.parquet", "--engine", "dask", "--scheduler", "tls://ann:s3cret@host:8786"),
        ("postgres://ann:s3cret@host/db", "--engine", "duckdb"),
        ("postgres://ann:s3cret@host/db",),
        (
            "adult",
            "--with",
            "mime",
            "--model",
            "logistic",
            "-j",
            "2",
            "--backend",
            "dask",
            "--scheduler",
            "tls://ann:s3cret@host:8786",
            "--groups",
            "sex",
        ),
    ],
)
def test_a_password_is_never_printed(auditkit, arguments):
    done = auditkit("audit", *arguments, *(() if "mime" in arguments else ROLES))
    assert done.code in {2, 4}
    assert "s3cret" not in done.out + done.err


def test_too_many_combinations_are_refused_by_name(auditkit, monkeypatch):
    monkeypatch.setattr("auditkit.data.engines.aggregate.MOST_CELLS", 100)
    done = auditkit("audit", "t.parquet", "--engine", "duckdb", *ROLES[:4], "--groups", "name")
    assert "more than 100 combinations of y, p, name: cut columns into bins, or leave one out" in done.err
