"""What a file says of its size is checked before memory is taken."""

import resource
import subprocess
import sys

import bombs
import numpy as np
import pandas as pd
import pytest

from auditkit.data.formats.table import read_table
from auditkit.data.memory import Room, free_bytes, in_words, room_of
from auditkit.data.models import NO_CONSENT
from auditkit.data.subjects import load
from auditkit.errors import DataError, UsageError
from auditkit.spec.consent import Consent
from auditkit.spec.data import DataSpec

MB = 10**6
SMALL = Room(50 * MB)


def peak():
    """Return the most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def table(folder, rows=4):
    pd.DataFrame({"x": np.arange(float(rows)), "file": ["a.png"] * rows}).to_csv(
        folder / "t.csv", index=False
    )


def refusal(folder, *, consent=NO_CONSENT, **spec):
    with pytest.raises(DataError) as caught:
        load(DataSpec(path="t.csv", **spec), datasets={}, folder=folder, consent=consent)
    return str(caught.value)


SLOW = {"arrays.npz"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in bombs.SMALL_ROOM],
)
def test_a_file_that_unpacks_past_its_room_is_refused_before_it_does(tmp_path, name):
    write, words = bombs.SMALL_ROOM[name]
    write(tmp_path / name)
    read_table_once(tmp_path)  # what the libraries themselves take
    before = peak()
    with pytest.raises(DataError, match=r"^[^\n]*$") as caught:
        read_table(tmp_path / name, room=SMALL)
    assert name in str(caught.value)
    assert words in str(caught.value)
    assert peak() - before < 250 * MB


def read_table_once(folder):
    pd.DataFrame({"a": [1, 2]}).to_parquet(folder / "once.parquet")
    read_table(folder / "once.parquet")


def test_a_file_that_fits_its_room_is_read_as_without_one(tmp_path):
    frame = pd.DataFrame({"a": np.arange(1000.0), "s": ["some text", "more"] * 500, "l": [[1.0, 2.0]] * 1000})
    frame.to_parquet(tmp_path / "t.parquet")
    for room in (Room(10**6), Room(without_end=True), None):
        found = read_table(tmp_path / "t.parquet", room=room)
        pd.testing.assert_frame_equal(found.drop(columns="l"), frame.drop(columns="l"))


def test_texts_of_parquet_are_measured_where_their_footer_does_not_say(tmp_path):
    """0.8 MB of texts, stored as two of them and a thousand codes: the bound by the footer alone is far larger."""
    frame = pd.DataFrame({"s": ["x" * 700, "y" * 900] * 500})
    frame.to_parquet(tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet", room=Room(900_000))["s"].tolist() == frame["s"].tolist()
    with pytest.raises(DataError, match=r"about 80. KB"):
        read_table(tmp_path / "t.parquet", room=Room(700_000))


def test_texts_stored_by_what_differs_are_measured_too(tmp_path):
    """0.7 MB of texts, stored as one and a thousand times nothing more."""
    bombs.delta_parquet(tmp_path / "t.parquet", ["x" * 700] * 1000)
    assert (tmp_path / "t.parquet").stat().st_size < 5_000
    assert read_table(tmp_path / "t.parquet", room=Room(900_000))["x"].tolist() == ["x" * 700] * 1000
    with pytest.raises(DataError, match="would take about"):
        read_table(tmp_path / "t.parquet", room=Room(600_000))


@pytest.mark.slow
def test_more_columns_than_can_be_looked_at_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(",".join(f"c{i}" for i in range(100_001)) + "\n" + ",".join("1" * 100_001) + "\n")
    with pytest.raises(DataError, match="100,001 columns; at most 100,000"):
        read_table(path)


@pytest.mark.parametrize(
    ("shape", "dtype", "words"),
    [
        ("(1000000000000, 3)", "<f4", "header tells of 12,000,000,000,000 bytes"),
        ("(4, 3)", "<f4", "header tells of 48 bytes"),
        ("(-4, 3)", "<f4", "negative length"),
        ("(4, -1)", "<f4", "negative length"),
        ("(4,", "<f4", "header cannot be read"),
        ("(4, 2)", "|O", "Python objects"),
        ("('a', 2)", "<f4", "header cannot be read"),
        ("(" * 500 + "4" + ")" * 500, "<f4", "header cannot be read"),
    ],
)
def test_an_array_file_whose_header_its_bytes_cannot_fill_is_refused(tmp_path, shape, dtype, words):
    table(tmp_path)
    (tmp_path / "e.npy").write_bytes(bombs.header(shape, dtype) + bytes(32))
    for role in ("embeddings", "pred", "images"):
        assert words in refusal(tmp_path, **{role: "e.npy"})


@pytest.mark.parametrize("role", ["embeddings", "pred", "score", "images"])
def test_a_sparse_array_file_larger_than_memory_is_refused(tmp_path, role):
    table(tmp_path)
    bombs.sparse_npy(tmp_path / "e.npy", rows=4, size=2 * 10**12)
    said = refusal(tmp_path, **{role: "e.npy"})
    assert "e.npy would take about 2.0 TB of memory" in said
    assert "--memory-limit none" in said


def test_a_sparse_array_file_of_20_gb_is_refused_where_less_is_allowed(tmp_path):
    table(tmp_path)
    bombs.sparse_npy(tmp_path / "e.npy", rows=4, size=20 * 10**9)
    said = refusal(tmp_path, embeddings="e.npy", memory_limit="8GB")
    assert "would take about 20 GB of memory, and 8.0 GB are allowed" in said


@pytest.mark.parametrize("name", ["m.pkl", "m/model.safetensors", "m/anything"])
def test_a_model_larger_than_memory_is_refused_before_any_reader_sees_it(tmp_path, name):
    table(tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    with (tmp_path / name).open("wb") as file:
        file.truncate(2 * 10**12)
    said = refusal(tmp_path, model=name.partition("/")[0], consent=Consent(allow_pickle=True))
    assert "would take about 2.0 TB of memory" in said


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (1, 2**31 - 1), (100_000, 1001)])
def test_an_image_whose_header_asks_for_too_much_is_refused(tmp_path, width, height):
    table(tmp_path)
    bombs.png(tmp_path / "a.png", width, height)
    images = load(DataSpec(path="t.csv", images="file"), datasets={}, folder=tmp_path).images
    before = peak()
    with pytest.raises(DataError, match=r"a\.png cannot be read: .*(at most 100,000,000|pixels)"):
        images.read([0], size=8)
    assert peak() - before < 250 * MB


def test_an_image_that_needs_a_program_is_not_handed_to_it(tmp_path):
    table(tmp_path)
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n%%EOF\n")
    images = load(DataSpec(path="t.csv", images="file"), datasets={}, folder=tmp_path).images
    with pytest.raises(DataError, match="cannot be read"):
        images.read([0], size=8)


def test_a_limit_is_a_size_or_none(tmp_path):
    table(tmp_path)
    assert room_of("500MB") == Room(500 * MB)
    assert room_of(" 1.5 gb ") == Room(1500 * MB)
    assert room_of("none") == Room(without_end=True)
    assert "are allowed; --memory-limit none" in refusal(tmp_path, memory_limit="0.01KB")
    assert len(load(DataSpec(path="t.csv", memory_limit="none"), datasets={}, folder=tmp_path)) == 4
    for text in ("8", "8 apples", "-1GB", "nope", "", "9" * 400 + "GB", "1e3GB"):
        with pytest.raises(UsageError, match="is no size; write 500MB, 8GB or none"):
            room_of(text)


def test_what_is_free_respects_the_limit_of_the_process():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (3 * 10**9, 3 * 10**9));"
        "from auditkit.data.memory import free_bytes; print(free_bytes())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 3 * 10**9
    assert free_bytes() > 0


def test_sizes_are_said_in_words():
    assert [in_words(size) for size in (999, 1500, 21 * 10**9, 3 * 10**15)] == [
        "999 bytes",
        "1.5 KB",
        "21 GB",
        "3,000 TB",
    ]
