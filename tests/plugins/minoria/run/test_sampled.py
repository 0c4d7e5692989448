"""What a sample's groups are confirmed by is what the same rows say in memory, whichever engine counts them."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import numpy as np
import pytest

import auditkit
from auditkit.data.bundled.sets import ADULT
from auditkit.data.engines.draw import Draw
from auditkit.data.formats.table import read_table
from auditkit.groups.expressions import select_rows
from auditkit.measures import adjust
from auditkit_minoria.confirm.held_out import held_out_gaps
from auditkit_minoria.confirm.standard import Standard

ASKED = {"target": "income", "pred": "pred", "favourable": ">50K", "sample": 8_000, "missing": "drop"}
COLUMNS = ["age", "education-num", "capital-gain", "hours-per-week", "occupation", "sex", "day", "income"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Adult with predictions, weights of which some are 0, and missing numbers, texts and labels."""
    table = read_table(Path(ADULT.path))
    rng = np.random.default_rng(0)
    chosen = np.where(table["hours-per-week"] + rng.normal(0, 12, len(table)) > 48, ">50K", "<=50K")
    table = table.assign(
        pred=chosen, weight=(table["fnlwgt"] / 7.0).where(rng.random(len(table)) > 0.05, 0.0)
    )
    table["age"] = table["age"].where(rng.random(len(table)) > 0.02, np.nan)
    table.loc[rng.random(len(table)) < 0.02, "income"] = None
    table = table[[*(name for name in COLUMNS if name in table), "pred", "weight"]]
    found = tmp_path_factory.mktemp("sampled")
    (found / "parts").mkdir()
    for i, part in enumerate(np.array_split(np.arange(len(table)), 3)):
        table.iloc[part].to_parquet(found / "parts" / f"{i}.parquet", index=False, row_group_size=7_000)
    with closing(sqlite3.connect(found / "t.sqlite")) as base:
        table.to_sql("people", base, index=False)
    with duckdb.connect(found / "t.duckdb") as base:
        base.sql(f"CREATE TABLE people AS SELECT * FROM read_parquet('{found}/parts/*.parquet')")  # noqa: S608
    table.to_parquet(found / "whole.parquet", index=False)
    return found


ENGINES = {
    "duckdb": ("parts/*.parquet", {"engine": "duckdb"}),
    "dask": ("parts", {"engine": "dask"}),
    "duckdb file": ("duckdb:t.duckdb?table=people", {}),
    "sqlite file": ("sqlite:t.sqlite?table=people", {}),
}


def in_memory(report, table, *, first, weighted=False, share=None):
    """Return what the rows that were not drawn say of the report's groups, by `held_out_gaps`."""
    places = np.arange(first, first + len(table), dtype=np.int64)
    draw = Draw(0, share or ASKED["sample"] / len(table))
    rest = draw.hashed(places) >= draw.below
    kept = rest & table[["income", "pred", "age"]].notna().all(axis=1).to_numpy()
    kept &= (table["weight"] > 0).to_numpy() if weighted else True
    rows = table[kept].reset_index(drop=True)
    loss = (rows["income"] != rows["pred"]).to_numpy(dtype=np.float64)
    tails = [select_rows(group.expression, rows) for group in report.groups]
    standard = Standard(confidence=0.95, min_n=30)
    weight = rows["weight"].to_numpy() if weighted else None
    held = held_out_gaps(loss, tails, standard, known=loss, rng=np.random.default_rng(0), weight=weight)
    return held, adjust([one.p for one in held], "holm")


def of(report, metric):
    return {one.group: one for one in report.findings if one.metric == metric}


@pytest.mark.parametrize(
    ("engine", "search"),
    [
        ("duckdb", "minoria.slices"),
        ("sqlite file", "minoria.slices"),
        *(pytest.param(one, "minoria.slices", marks=pytest.mark.slow) for one in ("dask", "duckdb file")),
        pytest.param("duckdb", "minoria", marks=pytest.mark.slow),
    ],
)
def test_every_engine_confirms_as_the_same_rows_do_in_memory(engine, search, folder, monkeypatch):
    monkeypatch.chdir(folder)
    data, more = ENGINES[engine]
    report = auditkit.mine(data, **ASKED, **more, steps=search, ignore="weight")
    # SQLite numbers its rows from 1 on; what has no place by itself counts from 0.
    table = read_table(folder / "whole.parquet")
    held, corrected = in_memory(report, table, first=1 if "sqlite" in engine else 0)
    gaps, losses, shares = (of(report, name) for name in ("loss_gap", "tail_loss", "tail_share"))
    assert len(report.groups) >= 2
    for group, one, p in zip(report.groups, held, corrected, strict=True):
        gap = gaps[group.name]
        assert gap.n == one.n
        assert (gap.value, gap.interval) == (pytest.approx(one.gap, rel=1e-12), one.interval)
        assert losses[group.name].value == pytest.approx(one.tail_loss, rel=1e-12)
        assert shares[group.name].value == pytest.approx(one.share, rel=1e-12)
        assert gap.details["p_corrected"] == pytest.approx(p, rel=1e-12)
        assert group.confirmed == gap.details["confirmed"] == (p < 0.025)
    assert any(
        re.search(r"drew [\d,]+ of 48,842 rows by a hash of their place \(seed 0\)", one)
        for one in report.notes
    )
    assert any(re.search(r"counted the other [\d,]+ rows where they are", one) for one in report.notes)


def test_weights_count_on_the_rest_as_they_do_in_memory(folder, monkeypatch):
    monkeypatch.chdir(folder)
    report = auditkit.mine(
        "parts/*.parquet", **ASKED, steps="minoria.slices", weight="weight", engine="duckdb"
    )
    held, corrected = in_memory(report, read_table(folder / "whole.parquet"), first=0, weighted=True)
    gaps, shares = of(report, "loss_gap"), of(report, "tail_share")
    assert report.groups
    for group, one, p in zip(report.groups, held, corrected, strict=True):
        gap = gaps[group.name]
        assert gap.n == one.n
        assert gap.value == pytest.approx(one.gap, rel=1e-12)
        assert (gap.interval.low, gap.interval.high) == pytest.approx(
            (one.interval.low, one.interval.high), rel=1e-9
        )
        assert shares[group.name].value == pytest.approx(one.share, rel=1e-12)
        assert gap.details["p_corrected"] == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(
    ("engine", "weighted"),
    [
        ("duckdb", False),
        pytest.param("duckdb", True, marks=pytest.mark.slow),
        pytest.param("sqlite file", True, marks=pytest.mark.slow),
        pytest.param("dask", False, marks=pytest.mark.slow),
    ],
)
def test_a_share_that_is_counted_is_searched_and_the_others_confirm(engine, weighted, folder, monkeypatch):
    monkeypatch.chdir(folder)
    data, more = ENGINES[engine]
    more = more | ({"weight": "weight"} if weighted else {"ignore": "weight"})
    report = auditkit.mine(data, **ASKED, **more, steps="minoria.slices", count_share=0.4)
    table, first = read_table(folder / "whole.parquet"), int("sqlite" in engine)
    held, corrected = in_memory(report, table, first=first, weighted=weighted, share=0.4)
    gaps = of(report, "loss_gap")
    assert len(report.groups) >= 2
    for group, one, p in zip(report.groups, held, corrected, strict=True):
        gap = gaps[group.name]
        assert gap.n == one.n
        assert gap.value == pytest.approx(one.gap, rel=1e-12)
        assert gap.details["p_corrected"] == pytest.approx(p, rel=1e-9)
    assert sum(group.confirmed for group in report.groups) >= 2
    told = " ".join(report.notes)
    searched, others = (
        int(re.search(rf"counted {what} ([\d,]+) rows where they are", told)[1].replace(",", ""))
        for what in ("and searched", "the other")
    )
    places = Draw(0, 0.4).hashed(np.arange(first, first + len(table), dtype=np.int64)) < Draw(0, 0.4).below
    known = table[["income", "age"]].notna().all(axis=1)
    if weighted:
        known &= table["weight"] > 0
    assert (searched, others) == (int((known & places).sum()), int((known & ~places).sum()))
