"""Codes beyond 2^53 stay apart in every format, in columns with a missing cell too."""

import decimal
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from auditkit.data.formats.table import read_table
from auditkit.notebook.tables import rows_of

CODES = [2**53, 2**53 + 1, None, 2**53 + 1]


def as_csv(folder):
    (folder / "t.csv").write_text("code,x\n" + "".join(f"{'' if c is None else c},1\n" for c in CODES))
    return read_table(folder / "t.csv")


def as_json_lines(folder):
    lines = [{"x": 1} | ({} if code is None else {"code": code}) for code in CODES]
    (folder / "t.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return read_table(folder / "t.jsonl")


def as_parquet(folder):
    parquet.write_table(pa.table({"code": CODES, "x": [1] * 4}), folder / "t.parquet")
    return read_table(folder / "t.parquet")


def as_decimals(folder):
    codes = [None if code is None else decimal.Decimal(code) for code in CODES]
    parquet.write_table(pa.table({"code": pa.array(codes, pa.decimal128(20, 0))}), folder / "t.parquet")
    return read_table(folder / "t.parquet")


def as_feather(folder):
    feather.write_feather(pa.table({"code": pa.array(CODES, pa.uint64())}), folder / "t.feather")
    return read_table(folder / "t.feather")


def as_arrow_in_memory(folder):
    return rows_of(pa.table({"code": CODES})).table


def as_nullable_in_memory(folder):
    return rows_of(pd.DataFrame({"code": pd.array(CODES, dtype="Int64")})).table


WAYS = [as_csv, as_json_lines, as_parquet, as_decimals, as_feather, as_arrow_in_memory, as_nullable_in_memory]


@pytest.mark.parametrize("read", WAYS, ids=lambda way: way.__name__)
def test_codes_that_floats_would_merge_stay_apart_beside_a_missing_one(tmp_path, read):
    column = read(tmp_path)["code"]
    assert [None if pd.isna(code) else str(code) for code in column] == [c and str(c) for c in CODES]


def test_small_numbers_with_a_hole_stay_numbers(tmp_path):
    small = [1, None, 3, 4]
    parquet.write_table(pa.table({"code": small}), tmp_path / "t.parquet")
    (tmp_path / "t.jsonl").write_text("\n".join(json.dumps({"code": code}) for code in small))
    for name in ("t.parquet", "t.jsonl"):
        assert read_table(tmp_path / name)["code"].dtype == np.float64
