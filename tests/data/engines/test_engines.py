"""Every engine counts alike: the same cells, the same sums of weights, the same printed findings as rows in memory."""

import math
import re
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from dask_cluster import cluster

import auditkit
from auditkit.data.bundled.sets import ADULT
from auditkit.data.engines.aggregate import SUMS, aggregated
from auditkit.data.engines.places import Place
from auditkit.data.engines.question import Key, Question
from auditkit.data.engines.sqlite import aggregated_in_sqlite
from auditkit.data.formats.table import read_table
from auditkit.render.text.text_document import render

pytestmark = pytest.mark.slow

QUESTION = Question(
    (Key("income"), Key("pred"), Key("sex"), Key("race"), Key("age", (0.0, 25.0, 40.0, 60.0))),
    "fnlwgt",
    score="score",
)
ASKED = {
    "target": "income",
    "pred": "pred",
    "weight": "fnlwgt",
    "given": "workclass",
    "max_order": 2,
    "favourable": ">50K",
    "groups": "sex,race,age:0/25/40/60",
}
OF_SCORES = {"metrics": "calibration_gap,calibration_error,tpr", "score": "score", "calibration_bins": "hundredths"}  # fmt: skip


KEYS = [*(f"k{i}" for i in range(5)), "hundredth"]
OF_SCORES_SUMS = ("first", "squares_first", "squares_second")


@pytest.fixture(scope="module")
def adult(tmp_path_factory):
    """Adult with predictions, missing values of a text and of a number, and weights that are no whole numbers."""
    table = read_table(Path(ADULT.path))[
        ["age", "workclass", "race", "sex", "hours-per-week", "fnlwgt", "income"]
    ]
    rng = np.random.default_rng(0)
    chosen = np.where(table["hours-per-week"] + rng.normal(0, 12, len(table)) > 48, ">50K", "<=50K")
    score = 1 / (1 + np.exp(3.0 - table["hours-per-week"] / 24 + rng.normal(0, 0.7, len(table))))
    table = table.assign(
        pred=chosen, fnlwgt=table["fnlwgt"] / 7.0, age=table["age"].astype(float), score=score.round(4)
    )
    table.loc[:5, "score"] = [
        0.0,
        1.0,
        0.29,
        0.57,
        0.58,
        -0.0,
    ]  # times 100, three of them fall short of a whole number
    table.loc[rng.random(len(table)) < 0.02, "age"] = np.nan
    table.loc[rng.random(len(table)) < 0.02, "race"] = None
    folder = tmp_path_factory.mktemp("adult")
    (folder / "parts").mkdir()
    for i, part in enumerate(np.array_split(np.arange(len(table)), 3)):
        table.iloc[part].to_parquet(folder / "parts" / f"{i}.parquet", index=False)
    table.to_parquet(folder / "adult.parquet", index=False)
    with closing(sqlite3.connect(folder / "adult.sqlite")) as base:
        table.to_sql("people", base, index=False)
    with duckdb.connect(folder / "adult.duckdb") as base:
        base.sql(f"CREATE TABLE people AS SELECT * FROM '{folder}/adult.parquet'")  # noqa: S608
    return folder, table


@pytest.fixture(scope="module")
def scheduler():
    with cluster(2) as of_two:
        yield of_two.scheduler_address


def ordered(found):
    """Return the answer's cells in an order of their own, and its sums."""
    frame = found.to_pandas()
    frame = frame.sort_values(KEYS, key=lambda column: column.astype(str), ignore_index=True)
    frame["hundredth"] = frame["hundredth"].astype(float)
    return frame[KEYS].astype(str), frame[[name for name in (*SUMS, *OF_SCORES_SUMS) if name in frame]]


def slow(table):
    """Return the same by a loop over the rows."""
    cells = {}
    for row in table[["income", "pred", "sex", "race", "age", "fnlwgt", "score"]].itertuples(index=False):
        age = next((low for low, high in ((0, 25), (25, 40)) if low <= row.age < high), None)
        age = age if age is not None else 40 if 40 <= row.age <= 60 else None if np.isnan(row.age) else -1
        w, s = row.fnlwgt, row.score
        cell = cells.setdefault(
            (*row[:4], None if age is None else float(age), min(math.floor(s * 100.0), 99)), [0] * 6
        )
        for i, term in enumerate((1, w, w * w, w * s, w * w * s, w * w * s * s)):
            cell[i] += term
    keys = pd.DataFrame(list(cells), columns=KEYS)
    sums = pd.DataFrame(list(cells.values()), columns=[*SUMS[:3], *OF_SCORES_SUMS])
    return pa.Table.from_pandas(pd.concat([keys, sums], axis=1))


def asked(engine, adult, scheduler):
    folder, table = adult
    if engine == "sqlite":
        return aggregated_in_sqlite(Place("sqlite", (folder / "adult.sqlite",), "people"), QUESTION)
    if engine == "dask":
        import dask.dataframe as frames
        from distributed import Client

        with Client(scheduler), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            native = nw.from_native(frames.read_parquet(str(folder / "parts")))
            return aggregated(native, QUESTION, source=engine)
    native = {
        "pandas": lambda: table,
        "polars": lambda: pl.scan_parquet(folder / "parts" / "*.parquet"),
        "arrow": lambda: pa.Table.from_pandas(table),
        "duckdb": lambda: duckdb.read_parquet(str(folder / "parts" / "*.parquet")),
    }[engine]()
    return aggregated(nw.from_native(native).lazy(), QUESTION, source=engine)


@pytest.fixture(scope="module")
def by_rows(adult):
    return ordered(slow(adult[1]))


@pytest.mark.parametrize(
    "engine", ["pandas", "polars", "arrow", "duckdb", "sqlite", pytest.param("dask", marks=pytest.mark.slow)]
)
def test_an_engine_counts_as_a_loop_over_the_rows_does(engine, adult, by_rows, request):
    there = request.getfixturevalue("scheduler") if engine == "dask" else None
    keys, sums = ordered(asked(engine, adult, there))
    pd.testing.assert_frame_equal(keys.replace("nan", "None"), by_rows[0].replace("nan", "None"))
    assert sums["rows"].tolist() == by_rows[1]["rows"].tolist()
    for name in ("weights", "squares", *OF_SCORES_SUMS):
        np.testing.assert_allclose(sums[name], by_rows[1][name], rtol=1e-12)


@pytest.fixture(scope="module")
def printed(adult):
    """What an audit prints of rows in memory: by counts, and by their scores."""
    return [findings(auditkit.audit(adult[0] / "adult.parquet", **ASKED | more)) for more in ({}, OF_SCORES)]


def findings(report):
    return [line for line in render(report).splitlines() if re.search(r"\d", line) and "[" in line]


@pytest.mark.parametrize(
    ("data", "more"),
    [
        ("parts/*.parquet", {"engine": "duckdb"}),
        pytest.param("parts", {"engine": "duckdb"}, marks=pytest.mark.slow),
        pytest.param("adult.parquet", {"engine": "dask"}, marks=pytest.mark.slow),
        pytest.param("parts/*.parquet", {"engine": "dask", "scheduler": "there"}, marks=pytest.mark.slow),
        pytest.param("duckdb:adult.duckdb?table=people", {}, marks=pytest.mark.slow),
        ("sqlite:adult.sqlite?table=people", {}),
    ],
    ids=["duckdb", "folder", "dask", "cluster", "duckdb file", "sqlite file"],
)
def test_an_engines_findings_are_printed_as_those_of_rows_in_memory(
    data, more, adult, printed, request, monkeypatch
):
    monkeypatch.chdir(adult[0])
    there = {"scheduler": request.getfixturevalue("scheduler")} if "scheduler" in more else {}
    report = auditkit.audit(data, **ASKED, **(more | there))
    assert findings(report) == printed[0]
    assert findings(auditkit.audit(data, **ASKED, **(more | there | OF_SCORES))) == printed[1]
    assert min(map(len, printed)) > 90
    assert any("counted 48,842 rows where they are" in note for note in report.notes)
