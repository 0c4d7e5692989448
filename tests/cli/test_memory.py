"""What would not fit is refused before it is read; memory that runs out all the same is one sentence, and no fault."""

import errno
import mmap
import time
from pathlib import Path

import bombs
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from running.made import planned

from auditkit import Audit, read_array
from auditkit.data.embeddings import read_embeddings
from auditkit.data.memory import Room
from auditkit.errors import DataError, OutOfMemoryError, PluginError, ran_out
from auditkit.plugins.host import load_plugins
from auditkit.running.engine import run
from auditkit.step.step import Step

GB = 10**9
ROWS = 40
ON_VECTORS = {
    "minoria": "mine t.csv --target y --score p",
    "minoria.climb": "mine t.csv --with minoria.climb --target y --score p",
    "thresholds": "repair t.csv --with thresholds --target y --sensitive sex",
    "reweigh": "repair t.csv --with reweigh --target y --score p --sensitive sex",
    "resample": "repair t.csv --with resample --target y --sensitive sex",
    "dfr": "repair t.csv --with dfr --target y --sensitive sex",
    "shasam": "repair t.csv --with shasam --target y --sensitive sex",
    "mime": "audit t.csv --with mime --target y --groups sex --group sex",
    "mpr": "audit t.csv --with mpr --queries q.npy --groups sex --attributes embeddings",
    "mpr, nearest": "audit t.csv --with mpr --queries q.npy --groups sex --nearest 5",
    "mopr": "repair t.csv --with mopr --queries q.npy --groups sex --attributes sex,embeddings",
}
"""Commands that compute with vectors as float64, or with copies of them."""
FILES = {
    "a table": "audit big.csv --target y --pred y --groups sex",
    "rows of JSON": "audit big.jsonl --target y --pred y --groups sex",
    "predictions": "audit t.csv --target y --pred big.npy --groups sex",
    "predictions in a table": "audit t.csv --target y --pred big.csv --groups sex",
    "scores": "audit t.csv --target y --score big.npy --groups sex",
    "images": "repair t.csv --with shasam --images big.npy --target y --sensitive sex",
    "a model": "audit t.csv --target y --model big.pkl --allow-pickle --groups sex",
    "queries": "audit t.csv --with mpr --embeddings v.npy --queries big.npy --groups sex",
    "queries in a table": "audit t.csv --with mpr --embeddings v.npy --queries big.csv --groups sex",
    "similarities": "audit t.csv --with mpr --similarities big.npy --groups sex",
    "an index": "audit t.csv --with mpr --index big.faiss --queries q.npy --groups sex",
    "a reference": "audit t.csv --with mpr --embeddings v.npy --queries q.npy --groups sex --reference big.csv",
    "vectors of a reference": "audit t.csv --with mpr --embeddings v.npy --queries q.npy --groups sex --reference t.csv "
    "--reference-embeddings big.npy",
    "lists": "audit t.csv --with mpr --lists big.csv --groups sex",
    "judgements": "audit t.csv --with mpr --embeddings v.npy --queries q.npy --groups sex --relevance big.csv",
    "weights to start from": "repair t.csv --with shasam --encoder-weights big.safetensors --target y --sensitive sex",
    "a model's weights": "audit t.csv --with mime --model-weights big.safetensors --target y --groups sex --group sex",
}
"""Commands by what they read that is too large."""


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"x": rng.normal(size=ROWS), "sex": ["F", "M"] * (ROWS // 2), "p": rng.random(ROWS)})
    table.assign(y=rng.integers(0, 2, ROWS)).to_csv(tmp_path / "t.csv", index=False)
    np.save(tmp_path / "v.npy", rng.normal(size=(ROWS, 3)).astype(np.float32))
    np.save(tmp_path / "q.npy", rng.normal(size=(2, 3)).astype(np.float32))
    return tmp_path


def sparse(path, size):
    """Write a file of this many bytes, of which the disk holds next to none."""
    if path.suffix == ".npy":
        bombs.sparse_npy(path, rows=ROWS, size=size)
    else:
        with path.open("wb") as file:
            file.truncate(size)


def test_every_step_that_says_what_vectors_take_is_tried():
    """So that none is added and forgotten below."""
    families = {name.partition(".")[0].partition(",")[0] for name in ON_VECTORS}
    steps = load_plugins().steps
    assert families == {name for name, step in steps.items() if step.memory is not Step.memory} & families
    assert {
        name.partition(".")[0] for name, step in steps.items() if step.memory is not Step.memory
    } == families


@pytest.mark.parametrize("name", ON_VECTORS)
def test_vectors_that_fit_but_not_what_a_step_makes_of_them_are_refused_unread(cli, folder, name):
    """Reading 900 GB would take a quarter of an hour: neither a hash nor a look for NaN comes before."""
    sparse(folder / "big.npy", 900 * GB)
    begun = time.process_time()
    done = cli(*ON_VECTORS[name].split(), "--embeddings", "big.npy", "--memory-limit", "1TB")
    assert time.process_time() - begun < 10
    step = name.partition(",")[0]
    assert done.code == 4
    assert done.out == ""
    assert (
        f"auditkit: step '{step}' with embeddings big.npy (40 x 5,625,000,000 numbers) would take" in done.err
    )
    assert "and 1.0 TB are allowed; --memory-limit none" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_does_not_fit_is_refused_unread(cli, folder, name):
    words = FILES[name].split()
    big = next(word for word in words if word.startswith("big."))
    sparse(folder / big, 2000 * GB)
    begun = time.process_time()
    done = cli(*words)
    assert time.process_time() - begun < 10
    assert (done.code, done.out) == (4, "")
    assert big in done.err
    assert "TB of memory" in done.err
    assert "--memory-limit none" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("kind", ["<U10001", "|S40001"])
def test_labels_of_any_length_are_refused_unread(cli, folder, kind):
    letters, size = int(kind[2:]), 4 if kind[1] == "U" else 1
    start = bombs.header(f"({ROWS},)", kind)
    with (folder / "big.npy").open("wb") as file:
        file.write(start)
        file.truncate(len(start) + ROWS * letters * size)
    done = cli(*FILES["predictions"].split())
    assert (done.code, "a label has at most 10,000 letters" in done.err) == (4, True)


class Reading(Audit):
    """Reads a file of its own, in its check and when it runs; it is mapped, and nothing of it is looked at."""

    name, title, method = "reading", "Reading", "reads"

    def check(self, subject, params):
        read_array(Path("big.npy"), what="a step's file")

    def run(self, subject, params, context):
        self.check(subject, params)
        return ()


def test_the_way_out_is_one_for_the_files_of_steps_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sparse(tmp_path / "big.npy", 2000 * GB)
    run(planned(tmp_path, Reading, data={"memory_limit": "none"}))
    with pytest.raises(
        DataError, match=r"a step's file big\.npy would take about 2\.0 TB of memory, and .* are free"
    ):
        run(planned(tmp_path, Reading))
    with pytest.raises(DataError, match=r"and 8\.0 GB are allowed"):
        run(planned(tmp_path, Reading, data={"memory_limit": "8GB"}))


def test_vectors_in_a_column_of_lists_are_measured_by_their_first_row(tmp_path):
    """As a loader may hand them over, whatever they took in its file: twice 40 x 5,000 numbers of four bytes."""
    frame = pd.DataFrame({"v": [np.full(5000, i, dtype=np.int8) for i in range(ROWS)]})
    assert read_embeddings("v", frame, folder=tmp_path, room=Room(1_600_000)).shape == (ROWS, 5000)
    with pytest.raises(DataError, match=r"embeddings column 'v' would take about 1\.6 MB of memory"):
        read_embeddings("v", frame, folder=tmp_path, room=Room(1_599_999))


def test_what_a_step_says_that_it_takes_is_added_to_nothing_else(tmp_path):
    """A run that fits goes on: a limit of just what the step says is enough."""
    np.save(tmp_path / "v.npy", np.ones((ROWS, 100), dtype=np.float32))
    for limit, fits in (("1.6KB", False), ("32KB", True), ("31.9KB", False)):
        told = planned(tmp_path, Taking, data={"embeddings": "v.npy", "memory_limit": limit})
        if fits:
            run(told)
            continue
        with pytest.raises(DataError, match="would take about"):
            run(told)


class Taking(Audit):
    name, title, method = "taking", "Taking", "takes what vectors take as float64"

    def memory(self, vectors, params):
        return vectors.bytes

    def run(self, subject, params, context):
        return ()


@pytest.mark.parametrize("size", [None, -1, 1.5, True, "8GB", float("nan")])
def test_a_step_that_says_no_number_of_bytes_is_at_fault(tmp_path, size):
    np.save(tmp_path / "v.npy", np.ones((ROWS, 2)))
    step = type("Odd", (Taking,), {"memory": lambda *_: size})
    with pytest.raises(PluginError, match=r"step 'taking0' \(taking\): memory must return a number of bytes"):
        run(planned(tmp_path, step, data={"embeddings": "v.npy"}))


SAYS = {
    "numpy": (lambda: np.empty(2**62, dtype=np.uint8), "4.00 EiB"),
    "numpy, two axes": (lambda: np.ones((10**7, 10**9)), "71.1 PiB"),
    "Python": (lambda: bytearray(2**62), ""),
    "Arrow": (lambda: pa.allocate_buffer(2**60), "1,152,921,504,606,846,976 bytes"),
    "torch": (lambda: torch.empty(2**60, dtype=torch.uint8), "1,152,921,504,606,846,976 bytes"),
    "the system": (lambda: mmap.mmap(-1, 2**60), ""),
    "a library of C++": (lambda: raised(RuntimeError("std::bad_alloc")), ""),
    "a GPU": (
        lambda: raised(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.50 GiB.")),
        "2.50 GiB",
    ),
}
"""By who says that memory ran out: what asks for too much, and how much that is said to be."""


def raised(error):
    raise error


@pytest.mark.parametrize("who", SAYS)
def test_memory_that_runs_out_in_a_step_is_one_sentence_and_no_fault(tmp_path, who):
    ask, asked = SAYS[who]
    step = type("Hungry", (Taking,), {"run": lambda *_: ask()})
    with pytest.raises(OutOfMemoryError) as caught:
        run(planned(tmp_path, step))
    more = f": {asked} more were asked for" if asked else ""
    assert str(caught.value) == (
        f"memory ran out in plugin 'made' 1.2, step 'taking0' (taking){more}; give fewer rows or columns, or a machine "
        "with more memory (--memory-limit SIZE refuses larger data before they are read)"
    )
    assert caught.value.exit_code == 4


def test_what_is_no_want_of_memory_is_not_called_so():
    for error in (
        RuntimeError("no such key"),
        OSError(errno.EACCES, "x"),
        ValueError("out of memory"),
        KeyError(),
    ):
        assert not ran_out(error)
