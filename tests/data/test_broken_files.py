"""Each broken file gets one clear sentence."""

import gzip
import io
import re
import warnings
import zipfile

import bombs
import numpy as np
import pyarrow as pa
import pytest
from data.files import WRITERS, says, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from auditkit.data.formats.table import read_table
from auditkit.errors import DataError


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
