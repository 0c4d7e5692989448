"""Each format reads what was written."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from data.files import TABLE, WRITERS, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import feather, parquet

from auditkit.data.formats.table import read_table
from auditkit.errors import DataError


@pytest.mark.parametrize("name", WRITERS)
def test_a_format_gives_back_the_table_that_was_written(tmp_path, name):
    WRITERS[name](tmp_path / name)
    pd.testing.assert_frame_equal(read_table(tmp_path / name), TABLE, check_dtype=False)


def test_an_arrow_stream_is_read_like_an_arrow_file(tmp_path):
    path = tmp_path / "t.arrow"
    table = pa.Table.from_pandas(TABLE)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    pd.testing.assert_frame_equal(read_table(path), TABLE, check_dtype=False)


def test_npz_arrays_are_columns_and_two_dimensions_are_numbered(tmp_path):
    np.savez(
        tmp_path / "a.npz", y=np.array([1, 0]), x=np.array([[1.0, 2.0], [3.0, 4.0]]), s=np.array([b"u", b"v"])
    )
    table = read_table(tmp_path / "a.npz")
    assert list(table.columns) == ["y", "x_0", "x_1", "s"]
    assert table["x_1"].tolist() == [2.0, 4.0]
    assert table["s"].tolist() == ["u", "v"]


def test_an_npz_array_in_the_other_byte_order_is_read(tmp_path):
    np.savez(tmp_path / "a.npz", y=np.array([1, 2, 3], dtype=">i4"), z=np.array([1.0, 2.0, 3.0], dtype="<f8"))
    table = read_table(tmp_path / "a.npz")
    assert table["y"].tolist() == [1, 2, 3]
    assert all(dtype.isnative for dtype in table.dtypes)


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    assert list(read_table(write(tmp_path, "a.csv", b"\xef\xbb\xbfage,sex\n1,F\n"))) == ["age", "sex"]


def test_quoted_commas_quotes_and_line_breaks_stay_inside_their_value(tmp_path):
    path = write(tmp_path, "a.csv", 'a,b\n"x, y","say ""hi"""\n"two\nlines",z\n')
    assert read_table(path).to_numpy().tolist() == [["x, y", 'say "hi"'], ["two\nlines", "z"]]


def test_dates_are_dates_and_times_of_day_are_text(tmp_path):
    table = read_table(write(tmp_path, "a.csv", "day,hour,n\n2024-03-01,12:30,1\n2024-03-02,,2\n"))
    assert table["day"].tolist() == [pd.Timestamp("2024-03-01"), pd.Timestamp("2024-03-02")]
    assert table["hour"][0].startswith("12:30")


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
@pytest.mark.parametrize(("year", "said"), [("10000", "10000"), ("20000", "20000"), ("-0044", "-44")])
def test_a_date_that_nobody_can_write_is_refused_with_its_row(tmp_path, unit, year, said):
    days = np.array(["2024-03-01", f"{year}-03-15", "9999-12-31"], dtype=f"datetime64[{unit}]")
    pd.DataFrame({"day": pd.Series(days), "n": 1}).to_parquet(tmp_path / "d.parquet")
    with pytest.raises(DataError, match=f"row 1: column 'day' has a date in the year {said}; years from 1"):
        read_table(tmp_path / "d.parquet")


def test_a_saved_index_gets_the_name_that_pandas_gives_it(tmp_path):
    TABLE.to_csv(tmp_path / "a.csv")
    assert read_table(tmp_path / "a.csv").columns[0] == "Unnamed: 0"


def test_a_parquet_index_with_a_name_is_a_column_and_one_without_is_not(tmp_path):
    TABLE.set_index("age").to_parquet(tmp_path / "named.parquet")
    TABLE.iloc[[2, 0, 1]].to_parquet(tmp_path / "plain.parquet")
    assert set(read_table(tmp_path / "named.parquet")) == {"age", "sex", "pay"}
    plain = read_table(tmp_path / "plain.parquet")
    assert list(plain) == ["age", "sex", "pay"]
    assert list(plain.index) == [0, 1, 2]


def test_nullable_and_decimal_columns_become_plain_numbers(tmp_path):
    import decimal

    frame = pd.DataFrame({"i": pd.array([1, None, 3], dtype="Int64"), "d": [decimal.Decimal("1.5")] * 3})
    frame.to_parquet(tmp_path / "a.parquet")
    table = read_table(tmp_path / "a.parquet")
    assert table.dtypes.tolist() == [np.dtype("float64"), np.dtype("float64")]
    assert np.isnan(table["i"][1])


@pytest.mark.parametrize("name", ["a.parquet", "a.feather"])
@pytest.mark.parametrize("metadata", [b"{", b"[]", b"null", b'{"columns": 3}', b"\xff", b""])
def test_damaged_metadata_of_pandas_do_not_matter(tmp_path, name, metadata):
    table = pa.table({"a": [1, 2], "b": ["u", "v"]}).replace_schema_metadata({b"pandas": metadata})
    (parquet.write_table if name == "a.parquet" else feather.write_feather)(table, tmp_path / name)
    assert read_table(tmp_path / name).to_numpy().tolist() == [[1, "u"], [2, "v"]]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_csv_text_survives_whatever_it_holds(tmp_path, rows):
    import csv

    texts = [[f"x{a}", f"x{b}"] for a, b in rows]  # with an x none is a number, a date or a missing word
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["a", "b"], *texts])
    assert read_table(path).to_numpy().tolist() == texts


def test_a_pair_of_surrogates_is_the_letter_that_it_means(tmp_path):
    path = write(tmp_path, "a.jsonl", b'{"a": "\\ud83d\\ude00", "b": "\\u00e9"}\n')
    assert read_table(path).to_numpy().tolist() == [["\U0001f600", "é"]]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_text_longer_than_the_blocks_a_csv_file_is_read_in_is_read(tmp_path, quote):
    text = "z" * 3_000_000
    path = write(tmp_path, "a.csv", "a,b\n" + f"1,{quote}{text}{quote}\n" * 3)
    assert read_table(path)["b"].tolist() == [text] * 3


def test_json_lines_with_different_keys_leave_holes(tmp_path):
    lines = [{"a": 1, "b": "x"}, {"a": 2}, {"b": "y", "c": True}]
    table = read_table(write(tmp_path, "a.jsonl", "\n".join(map(json.dumps, lines))))
    assert list(table) == ["a", "b", "c"]
    assert table["a"].isna().tolist() == [False, False, True]
