"""Each format reads what was written, and each broken file gets one clear sentence."""

import gzip
import io
import json
import re
import warnings
import zipfile

import bombs
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import feather, parquet

from auditkit.data.formats.table import read_table
from auditkit.errors import DataError

TABLE = pd.DataFrame({"age": [31, 25, 62], "sex": ["F", "M", None], "pay": [1.5, None, 2.0]})


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def says(path, *parts):
    """The error names the file and each of these parts, in one line."""
    with pytest.raises(DataError) as caught:
        read_table(path)
    text = str(caught.value)
    assert "\n" not in text
    for part in (path.name, *parts):
        assert part in text, text


WRITERS = {
    "t.csv": lambda path: TABLE.to_csv(path, index=False),
    "t.csv.gz": lambda path: TABLE.to_csv(path, index=False),
    "T.CSV": lambda path: TABLE.to_csv(path, index=False),
    "t.parquet": TABLE.to_parquet,
    "t.feather": TABLE.to_feather,
    "t.arrow": TABLE.to_feather,
    "t.jsonl": lambda path: TABLE.to_json(path, orient="records", lines=True),
    "t.ndjson": lambda path: TABLE.to_json(path, orient="records", lines=True),
}


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


def test_a_missing_file_gets_the_nearest_name(tmp_path):
    write(tmp_path, "adults.csv", "a\n1\n")
    says(tmp_path / "adlts.csv", "does not exist", "did you mean 'adults.csv'?")


def test_a_missing_folder_is_said(tmp_path):
    says(tmp_path / "no" / "a.csv", "does not exist, nor does its folder")


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "a.csv").mkdir()
    says(tmp_path / "a.csv", "is a folder")


def test_an_unknown_extension_gets_the_known_ones(tmp_path):
    says(write(tmp_path, "a.xlsx", "x"), ".csv.gz", ".parquet", ".ndjson", ".npz")


def zipped(*members):
    archive = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(archive, "w") as file:
        for name, content in members:
            file.writestr(name, content)
    return archive.getvalue()


def parquet_that_is_not_utf8():
    sink = io.BytesIO()
    text = pa.Array.from_buffers(pa.string(), 2, pa.array([b"a", b"\xff\xfe"], pa.binary()).buffers())
    parquet.write_table(pa.table({"a": text}), sink)
    return sink.getvalue()


ARRAY = bombs.header("(2,)", "<f8") + bytes(16)
TWICE = zipped(("x.npy", ARRAY), ("x.npy", ARRAY))
OTHER_ZIP = zipped(("readme.txt", "hello"))
PARQUET_BYTES = parquet_that_is_not_utf8()
BROKEN = {
    "empty": ("a.csv", b"", ["is empty"]),
    "only blank lines": ("a.csv", b"\n \n", ["is empty"]),
    "empty parquet": ("a.parquet", b"", ["is empty"]),
    "header alone": ("a.csv", b"a,b\n", ["header but no rows"]),
    "short row": ("a.csv", b"a,b\n1,2\n3\n", ["line 3", "1 values", "2 columns"]),
    "long row": ("a.csv", b'a,b\n"1\n1",2\n\n3,4,5\n', ["line 5", "3 values", "2 columns"]),
    "open quote": ("a.csv", b'a,b\n1,2\n"3,4\n5,6\n', ["line 3", "never closed"]),
    "open quote in the last column": ("a.csv", b'a,b\n1,2\n3,"4\n5,6\n', ["line 3", "never closed"]),
    "latin 1": ("a.csv", b"name,n\nJos\xe9,1\n", ["not UTF-8", "0xe9", "byte 10", "line 2"]),
    "latin 1 header": ("a.csv", b"n\xe9,n\n1,1\n", ["not UTF-8", "byte 1", "line 1"]),
    "utf-16": ("a.csv", "a,b\n1,2\n".encode("utf-16"), ["UTF-16"]),
    "zip": ("a.csv", b"PK\x03\x04\x00\x00\xff", ["not text", "Excel"]),
    "garbage": ("a.csv", bytes(range(256)), ["not text", "byte 0"]),
    "duplicates": ("a.csv", b"age,sex,age\n1,F,2\n", ["more than one column", "'age'"]),
    "semicolons": ("a.csv", b"a;b\n1;2\n", ["';'", "','"]),
    "cut gzip": ("a.csv.gz", gzip.compress(b"a,b\n1,2\n" * 50)[:30], ["gzip"]),
    "no gzip": ("a.csv.gz", b"a,b\n1,2\n", ["gzip"]),
    "no parquet": ("a.parquet", b"a,b\n1,2\n", ["cannot be read"]),
    "no feather": ("a.feather", b"a,b\n1,2\n", ["cannot be read"]),
    "no npz": ("a.npz", b"a,b\n1,2\n", ["numpy.savez"]),
    "no json": ("a.jsonl", b'{"a": 1}\n\n{"a": \n', ["line 3", "not JSON"]),
    "json list": ("a.jsonl", b"[1, 2]\n", ["line 1", "not a JSON object"]),
    "blank json": ("a.jsonl", b"\n\n", ["is empty"]),
    "empty json objects": ("a.jsonl", b"{}\n{}\n", ["no columns"]),
    "json latin 1": ("a.jsonl", b'{"a": "Jos\xe9"}\n', ["line 1", "not UTF-8"]),
    "json huge number": ("a.jsonl", b'{"a": ' + b"9" * 5000 + b"}\n", ["line 1"]),
    "json key twice": ("a.jsonl", b'{"a": 1}\n{"a": 1, "b": 2, "a": 3}\n', ["line 2", "key 'a' twice"]),
    "json key twice, same value": ("a.jsonl", b'{"a": 1, "a": 1}\n', ["line 1", "key 'a' twice"]),
    "json key twice, below": ("a.jsonl", b'{"a": {"b": 1, "b": 2}}\n', ["line 1", "key 'b' twice"]),
    "json lone surrogate": ("a.jsonl", b'{"a": "x"}\n{"a": "\\ud800"}\n', ["line 2", "surrogate"]),
    "json number of 5,000 digits": (
        "a.jsonl",
        b'{"a": %s}\n' % (b"9" * 5000),
        ["line 1", "too large a number, of 5,000 digits"],
    ),
    "json lone surrogate as a key": ("a.jsonl", b'{"\\udfff": 1}\n', ["line 1", "surrogate"]),
    "json lone surrogate, below": ("a.jsonl", b'{"a": [1, {"b": "\\udc00x"}]}\n', ["line 1", "surrogate"]),
    "json surrogates in the wrong order": ("a.jsonl", b'{"a": "\\udc00\\ud800"}\n', ["line 1", "surrogate"]),
    "json surrogate in bytes": ("a.jsonl", b'{"a": "\xed\xa0\x80"}\n', ["line 1", "not UTF-8"]),
    "npz twice": ("a.npz", TWICE, ["two arrays named 'x'"]),
    "npz of something else": ("a.npz", OTHER_ZIP, ["array 'readme.txt': it does not begin as one"]),
    "npz dates without a unit": (
        "a.npz",
        zipped(("x.npy", bombs.header("(1,)", "<M8") + bytes(8))),
        ["need a unit"],
    ),
    "npz dates of attoseconds": (
        "a.npz",
        zipped(("x.npy", bombs.header("(1,)", "<M8[as]") + bytes(8))),
        ["need a unit"],
    ),
    "parquet text that is not UTF-8": ("a.parquet", PARQUET_BYTES, ["cannot be read", "UTF8"]),
    "json too deep": ("a.jsonl", b"[" * 200000 + b"\n", ["line 1 is nested too deeply"]),
    "json too deep, below": (
        "a.jsonl",
        b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}\n",
        ["line 1 is nested too deeply"],
    ),
    "ragged, with a long text": ("a.csv", b"a,b\n1," + b"z" * 2000000 + b"\n1,2,3\n", ["line 3", "3 values"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_gets_one_clear_sentence(tmp_path, case):
    name, content, parts = BROKEN[case]
    says(write(tmp_path, name, content), *parts)


def test_two_parquet_columns_of_one_name_are_refused(tmp_path):
    import pyarrow.parquet as parquet

    parquet.write_table(pa.table([[1], [2]], names=["a", "a"]), tmp_path / "a.parquet")
    says(tmp_path / "a.parquet", "more than one column named 'a'")


def test_npz_arrays_that_cannot_be_columns_are_refused(tmp_path):
    arrays = {
        "lengths": ({"x": np.arange(3), "y": np.arange(4)}, "different lengths (x 3, y 4)"),
        "objects": ({"x": np.array([{}, 1], dtype=object)}, "no object arrays"),
        "cube": ({"x": np.zeros((2, 2, 2))}, "array 'x' is 3-D"),
        "scalar": ({"x": np.array(1)}, "array 'x' is 0-D"),
        "complex": ({"x": np.array([1j])}, "complex128"),
        "twice": ({"x": np.zeros((2, 1)), "x_0": np.zeros(2)}, "more than one column named 'x_0'"),
        "nothing": ({}, "no columns"),
    }
    for name, (content, part) in arrays.items():
        np.savez(tmp_path / f"{name}.npz", **content)
        says(tmp_path / f"{name}.npz", part)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    for name in ("t.parquet", "t.feather", "t.csv.gz"):
        WRITERS[name](folder / name)
    np.savez_compressed(folder / "t.npz", age=np.arange(200), x=np.zeros((200, 2)))
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("name", ["t.parquet", "t.feather", "t.csv.gz", "t.npz"])
def test_a_file_cut_short_anywhere_never_ends_in_a_traceback(tmp_path, whole, name):
    content = whole[name]
    for end in range(1, len(content), max(1, len(content) // 60)):
        with pytest.raises(DataError, match=re.escape(name)):
            read_table(write(tmp_path, name, content[:end]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(min_size=1, max_size=60),
    name=st.sampled_from(["a.csv", "a.jsonl", "a.npz", "a.parquet", "a.arrow"]),
)
def test_random_bytes_are_a_table_or_a_data_error(tmp_path, content, name):
    path = write(tmp_path, name, content)
    try:
        table = read_table(path)
    except DataError:
        return
    assert len(table)
    assert len(table.columns)


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
