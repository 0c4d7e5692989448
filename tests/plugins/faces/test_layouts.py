"""The readers of official layouts, on tiny made-up copies and through the command line's own loading."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from layouts import make_celeba, make_fairface, make_utkface

from auditkit.data.subjects import load
from auditkit.errors import DataError
from auditkit.plugins.host import load_plugins
from auditkit.spec.data import DataSpec


def subject(path, folder, **spec):
    host = load_plugins(only=["faces"])
    given = DataSpec(path=path, images="image", **spec)
    return load(given, datasets={}, loaders=host.loaders, folder=folder)


def test_celeba_has_a_row_for_each_image_with_its_split_and_attributes_in_words(tmp_path):
    make_celeba(tmp_path / "c", n=20)
    found = subject("celeba:c", tmp_path, target="Attractive")
    assert list(found.table.columns[:4]) == ["image", "split", "Attractive", "Bags_Under_Eyes"]
    assert set(found.table["Male"]) == {"yes", "no"}
    assert Counter(found.table["split"]) == {"train": 10, "validation": 5, "test": 5}
    first = (tmp_path / "c" / "list_attr_celeba.txt").read_text().splitlines()[2].split()
    assert found.table["Male"][0] == ("yes" if first[1 + 3] == "1" else "no")


def test_utkface_reads_age_gender_and_race_from_names_and_says_what_it_left_out(tmp_path):
    make_utkface(tmp_path / "u", n=12)
    found = subject("utkface:u", tmp_path, target="gender")
    name = Path(found.table["image"][0]).name
    age, gender, race = name.split("_")[:3]
    row = found.table.iloc[0]
    assert (row["age"], row["gender"]) == (int(age), ("male", "female")[int(gender)])
    assert row["race"] == ("White", "Black", "Asian", "Indian", "Other")[int(race)]
    assert len(found) == 12
    assert any("1 of 13 images were left out" in note for note in found.notes)


def test_fairface_joins_both_label_files(tmp_path):
    make_fairface(tmp_path / "f", n=15)
    found = subject("fairface:f", tmp_path, target="gender")
    assert Counter(found.table["split"]) == {"train": 10, "test": 5}
    assert set(found.table.columns) == {"image", "age", "gender", "race", "split"}


@pytest.mark.parametrize("make", [make_celeba, make_utkface, make_fairface])
def test_images_are_read_when_asked_for_and_in_the_asked_size(tmp_path, make):
    scheme = make.__name__.removeprefix("make_")
    make(tmp_path / "d", n=9)
    pixels = subject(f"{scheme}:d", tmp_path).images.read([0, 2], size=8)
    assert (pixels.shape, pixels.dtype.name) == ((2, 8, 8, 3), "uint8")


def test_an_image_column_is_no_feature(tmp_path):
    make_utkface(tmp_path / "u", n=9)
    assert "image" not in subject("utkface:u", tmp_path).features


@pytest.mark.parametrize(
    ("scheme", "gone"),
    [
        ("celeba", "list_eval_partition.txt"),
        ("celeba", "img_align_celeba"),
        ("fairface", "fairface_label_val.csv"),
    ],
)
def test_a_folder_without_its_files_is_one_clear_sentence(tmp_path, scheme, gone):
    {"celeba": make_celeba, "fairface": make_fairface}[scheme](tmp_path / "d", n=9)
    place = tmp_path / "d" / gone
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    with pytest.raises(DataError, match=f"it has no {gone}"):
        subject(f"{scheme}:d", tmp_path)


def test_a_folder_of_other_images_is_not_utkface(tmp_path):
    (tmp_path / "u").mkdir()
    with pytest.raises(DataError, match="AGE_GENDER_RACE_TIME"):
        subject("utkface:u", tmp_path)


def test_a_missing_image_is_named(tmp_path):
    make_celeba(tmp_path / "c", n=9)
    (tmp_path / "c" / "img_align_celeba" / "000003.jpg").unlink()
    with pytest.raises(DataError, match=r"1 images that are not there, such as .*000003.jpg"):
        subject("celeba:c", tmp_path)
