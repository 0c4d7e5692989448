"""Embeddings and images beside a table: aligned with its rows, one sentence for each way they can be wrong."""

from random import Random

import numpy as np
import pandas as pd
import pytest
from fuzz import mutations
from PIL import Image

from auditkit.data.images import ImageFiles
from auditkit.data.subjects import load
from auditkit.errors import DataError
from auditkit.spec.data import DataSpec


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"x": [0.0, 1.0, np.nan, 3.0], "file": [f"{i}.png" for i in range(4)]})
    table.to_csv(tmp_path / "t.csv", index=False)
    np.save(tmp_path / "e.npy", rng.normal(size=(4, 3)).astype(np.float16))
    np.save(tmp_path / "short.npy", np.zeros((3, 3)))
    np.save(tmp_path / "flat.npy", np.zeros(4))
    vectors = rng.normal(size=(4, 3)).astype(np.float32)
    np.save(tmp_path / "nan.npy", np.where(np.arange(4)[:, None] == 2, np.nan, vectors))
    np.save(tmp_path / "inf.npy", np.where(np.arange(4)[:, None] > 1, np.inf, vectors))
    np.save(tmp_path / "half.npy", np.full((4, 3), np.inf, np.float16))
    np.save(tmp_path / "thin.npy", np.zeros((4, 0)))
    np.save(tmp_path / "wide.npy", np.zeros((4, 2, 2)))
    np.save(tmp_path / "long.npy", np.zeros((4, 100_001), dtype=np.int8))
    np.save(tmp_path / "complex.npy", np.zeros((4, 2), complex))
    np.save(tmp_path / "empty_images.npy", np.zeros((4, 0, 8, 3), np.uint8))
    np.save(tmp_path / "text.npy", np.array([["a"]] * 4))
    (tmp_path / "broken.npy").write_bytes(b"\x93NUMPY\x01\x00")
    pixels = rng.integers(0, 256, (4, 6, 8, 3), dtype=np.uint8)
    np.savez(tmp_path / "p.npz", images=pixels, other=np.zeros(2))
    np.save(tmp_path / "grey.npy", pixels[..., 0])
    for i in range(4):
        Image.fromarray(pixels[i]).save(tmp_path / f"{i}.png")
    return tmp_path


def subject(folder, **spec):
    return load(DataSpec(**{"path": "t.csv", **spec}), datasets={}, folder=folder)


def test_embeddings_are_mapped_in_the_files_own_precision(folder):
    found = subject(folder, embeddings="e.npy").embeddings
    assert isinstance(found, np.memmap)
    assert (found.shape, found.dtype) == ((4, 3), np.float16)


def test_embeddings_may_be_a_column_of_lists_and_are_then_no_feature(folder):
    table = pd.DataFrame({"x": [1, 2, 3], "v": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]})
    table.to_parquet(folder / "v.parquet")
    found = subject(folder, path="v.parquet", embeddings="v")
    assert found.embeddings.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert found.features == ("x",)


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        ([[1.0, 2.0], [3.0, None], [5.0, 6.0]], "column v: row 1 has a vector with missing"),
        ([[1.0], [float("inf")], [1e300]], "column v: row 1 has a vector .*; so have 2 of 3 rows"),
        ([[], [], []], "column v have no dimension"),
        ([[1.0], [1.0, 2.0], [1.0]], "all of one length"),
        ([[[1.0]], [[2.0]], [[3.0]]], "holds 2-D values"),
        ([["a"], ["b"], ["c"]], "needs a list of numbers"),
        ([[1.0], None, [2.0]], "needs a list of numbers|all of one length"),
    ],
)
def test_a_column_of_lists_that_are_no_vectors_is_refused(folder, vectors, message):
    pd.DataFrame({"x": [1, 2, 3], "v": vectors}).to_json(folder / "v.jsonl", orient="records", lines=True)
    if vectors[1] == [float("inf")]:  # which JSON has no word for
        pd.DataFrame({"x": [1, 2, 3], "v": vectors}).to_parquet(folder / "v.parquet")
    name = "v.parquet" if (folder / "v.parquet").exists() else "v.jsonl"
    with pytest.raises(DataError, match=message):
        subject(folder, path=name, embeddings="v")


@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "bmp", "tiff", "webp", "ppm"])
def test_a_changed_image_is_pixels_or_one_sentence(tmp_path, ending):
    """Whatever was changed in it, and whatever Pillow makes of that."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 30, 3), dtype=np.uint8)
    good = tmp_path / f"good.{ending}"
    Image.fromarray(pixels).save(good)
    content, said = good.read_bytes(), []
    for seed in range(80):
        path = tmp_path / f"{seed}.{ending}"
        path.write_bytes(mutations.of_bytes(content, Random(seed)))
        try:
            found = ImageFiles((path,)).read([0], size=8)
        except DataError as error:
            said.append(str(error))
        else:
            assert found.shape == (1, 8, 8, 3)
    assert said
    assert not [one for one in said if "\n" in one]


def test_rows_that_are_dropped_take_their_vectors_and_images_with_them(folder):
    kept = subject(folder, embeddings="e.npy", images="p.npz", missing="drop")
    whole = subject(folder, embeddings="e.npy", images="p.npz")
    assert len(kept) == len(kept.embeddings) == len(kept.images) == 3
    assert np.array_equal(kept.embeddings, np.asarray(whole.embeddings)[[0, 1, 3]])
    assert np.array_equal(kept.images.read([2], size=8), whole.images.read([3], size=8))


def test_image_files_and_an_array_of_the_same_pixels_read_alike(folder):
    files, array = (subject(folder, images=name).images for name in ("file", "p.npz"))
    assert len(files) == len(array) == 4
    assert np.array_equal(files.read([1, 3], size=5), array.read([1, 3], size=5))


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"embeddings": "short.npy"}, "have 3 rows, and the table has 4"),
        ({"embeddings": "flat.npy"}, r"1-D of type float64; give \[rows, dimensions\]"),
        ({"embeddings": "text.npy"}, "of numbers"),
        (
            {"embeddings": "nan.npy"},
            "embeddings nan.npy: row 2 has a vector with missing or infinite numbers",
        ),
        (
            {"embeddings": "inf.npy"},
            "row 2 has a vector with missing or infinite numbers; so have 2 of 4 rows",
        ),
        ({"embeddings": "half.npy"}, "row 0 has a vector with missing"),
        ({"embeddings": "thin.npy"}, "embeddings thin.npy have no dimension: their shape is 4 x 0"),
        ({"embeddings": "wide.npy"}, "3-D of type float64"),
        ({"embeddings": "long.npy"}, "have 100,001 dimensions; a vector has at most 100,000"),
        ({"embeddings": "complex.npy"}, "of type complex128"),
        ({"embeddings": "e.npy/below"}, "neither an .npy file nor a column"),
        ({"images": "empty_images.npy"}, "4 x 0 x 8 x 3 of type uint8"),
        ({"embeddings": "broken.npy"}, "not a whole .npy file"),
        ({"embeddings": "ee.npy"}, "did you mean 'e.npy'"),
        ({"embeddings": "vectors"}, "neither an .npy file nor a column"),
        ({"embeddings": "x"}, "needs lists of numbers"),
        ({"images": "pictures"}, "neither an .npy or .npz file nor a column"),
        ({"images": "x"}, "4 images that are not there"),
        ({"images": "grey.npy"}, r"4 x 6 x 8 of type uint8; give uint8 \[rows, height, width, 3\]"),
        ({"images": "nothing.npz"}, "does not exist"),
        ({"loss": "file"}, "loss column 'file' is not a number"),
        ({"loss": "x"}, "loss column 'x' has 1 missing or infinite values; leave those rows out"),
    ],
)
def test_what_does_not_fit_is_one_clear_sentence(folder, spec, message):
    with pytest.raises(DataError, match=message):
        subject(folder, **spec)


def test_an_image_that_is_none_is_named_when_it_is_read(folder):
    (folder / "2.png").write_text("no image")
    with pytest.raises(DataError, match=r"2\.png cannot be read"):
        subject(folder, images="file").images.read([2], size=4)
