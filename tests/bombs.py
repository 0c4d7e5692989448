"""Small files that say of themselves that they are huge; each function writes one to a path."""

import gzip
import io
import json
import struct
import zipfile
import zlib

import numpy as np
import pyarrow as pa
from pyarrow import feather, parquet


def header(shape, dtype, *, order="False"):
    """Return the header of an .npy file with this text for a shape."""
    text = f"{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}"
    text = text.ljust(-(len(text) + 11) % 64 + len(text)) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode("latin-1")


def npz(path, members):
    """Write an archive of these members: bytes by name, of which each ends in .npy."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)


def zeros_npz(path):
    np.savez_compressed(path, x=np.zeros(4_000_000), y=np.zeros(4_000_000))


def lying_npz(path):
    npz(path, {"x": header("(1000000000000,)", "<f8") + bytes(80)})


def widthless_npz(path):
    """Texts of no letters: no bytes at all, and a million million rows."""
    npz(path, {"x": header("(1000000000000,)", "<U0")})


def columns_npz(path):
    npz(path, {"x": header("(0, 1000000000)", "<f8"), "y": header("(0,)", "<f8")})


def many_arrays_npz(path):
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(100_001):
            archive.writestr(zipfile.ZipInfo(f"a{i}.npy"), b"")


def encrypted_npz(path):
    npz(path, {"x": header("(3,)", "<f8") + bytes(24)})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag in the local header
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))


def text_parquet(path):
    """One text of a million letters in a million rows: a million million bytes, in sixty thousand."""
    column = pa.DictionaryArray.from_arrays(np.zeros(1_000_000, dtype=np.int32), ["x" * 1_000_000])
    parquet.write_table(pa.table({"x": column}), path, store_schema=False)


def nested_text_parquet(path):
    column = pa.DictionaryArray.from_arrays(np.zeros(1_000_000, dtype=np.int32), ["x" * 1_000_000])
    lists = pa.ListArray.from_arrays(np.arange(0, 1_000_001, 2, dtype=np.int32), column)
    parquet.write_table(pa.table({"x": lists}), path, store_schema=False)


def delta_parquet(path, texts):
    """Write texts of which each is stored as what differs from the one before."""
    parquet.write_table(
        pa.table({"x": texts}),
        path,
        use_dictionary=False,
        column_encoding="DELTA_BYTE_ARRAY",
        store_schema=False,
    )


def growing_parquet(path):
    """Each text is one letter longer than the last: two hundred million letters, in a thousand bytes."""
    delta_parquet(path, pa.array("x" * i for i in range(20_000)))


def repeated_parquet(path):
    delta_parquet(path, pa.array(["x" * 100_000] * 3_000))


def nested_delta_parquet(path):
    delta_parquet(path, pa.array([["x" * i for i in range(15_000)]]))


def run_parquet(path):
    parquet.write_table(pa.table({"x": np.zeros(8_000_000), "y": np.zeros(8_000_000)}), path)


def list_parquet(path):
    lists = pa.ListArray.from_arrays([0, 8_000_000], pa.array(np.zeros(8_000_000)))
    parquet.write_table(pa.table({"x": lists}), path)


def zstd_feather(path):
    feather.write_feather(pa.table({"x": np.zeros(8_000_000)}), path, compression="zstd")


def null_feather(path):
    """A column of two thousand million nulls, which takes no bytes."""
    table = pa.table({"x": pa.Array.from_buffers(pa.null(), 2 * 10**9, [None])})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)


def dictionary_arrow(path):
    """A stream whose dictionary is what unpacks."""
    column = pa.DictionaryArray.from_arrays(np.zeros(3, dtype=np.int32), pa.array(np.zeros(8_000_000)))
    table = pa.table({"x": column})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema, options=options) as stream:
        stream.write_table(table)


def zeros_csv_gz(path):
    path.write_bytes(gzip.compress(b"a,b\n" + b"0,0\n" * 20_000_000))


def commas_csv(path):
    columns = 2_000
    head = ",".join(f"c{i}" for i in range(columns))
    path.write_text(head + "\n" + ("," * (columns - 1) + "\n") * 3_000)


def keys_jsonl(path):
    """Each row has a key of its own, so that a table has the square of them."""
    path.write_text("\n".join(json.dumps({f"k{i}": i}) for i in range(3_000)))


def png(path, width, height):
    """Write a picture of which only the header says how large it is."""
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", body), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]
    content = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    content.seek(8)
    for kind, data in parts:
        content.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
    path.write_bytes(content.getvalue())


def sparse_npy(path, *, rows, size):
    """Write an array of this many bytes, of which the disk holds the first hundred."""
    start = header(f"({rows}, {size // rows // 4})", "<f4")
    with path.open("wb") as file:
        file.write(start)
        file.truncate(len(start) + size // rows // 4 * rows * 4)


SMALL_ROOM = {
    "zeros.npz": (zeros_npz, "would take about"),
    "lying.npz": (lying_npz, "header tells of 8,000,000,000,000 bytes"),
    "widthless.npz": (widthless_npz, "would take about"),
    "columns.npz": (columns_npz, "1,000,000,000 columns"),
    "arrays.npz": (many_arrays_npz, "holds 100,001 arrays"),
    "encrypted.npz": (encrypted_npz, "encrypted"),
    "text.parquet": (text_parquet, "would take about 1.0 TB"),
    "nested.parquet": (nested_text_parquet, "would take about 1.0 TB"),
    "growing.parquet": (growing_parquet, "would take about"),
    "repeated.parquet": (repeated_parquet, "would take about"),
    "nested-delta.parquet": (nested_delta_parquet, "would take about"),
    "run.parquet": (run_parquet, "would take about"),
    "list.parquet": (list_parquet, "would take about"),
    "zstd.feather": (zstd_feather, "would take about"),
    "null.feather": (null_feather, "would take about"),
    "dictionary.arrow": (dictionary_arrow, "would take about"),
    "zeros.csv.gz": (zeros_csv_gz, "unzipped, would take about"),
    "commas.csv": (commas_csv, "would take about"),
    "keys.jsonl": (keys_jsonl, "3,000 rows of 3,000 keys"),
}
"""By file: what writes it, and the words that refuse it where 50 MB are allowed."""
