"""Cells of CSV files: codes stay as they are written, words stay words, and what is read as missing is said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.data.formats.cells import MISSING_WORDS
from auditkit.data.formats.table import read_table
from auditkit.data.subjects import load
from auditkit.errors import UsageError
from auditkit.spec.data import DataSpec


@pytest.fixture
def read(tmp_path):
    def read(column, *, na=(), name="v"):
        (tmp_path / "t.csv").write_text(
            "\n".join([f"{name},other", *(f"{cell},1" for cell in column)]) + "\n"
        )
        frame = read_table(tmp_path / "t.csv", na=na)
        return frame[name].tolist(), frame.attrs["notes"]

    return read


def test_in_text_only_the_empty_field_is_missing(read):
    words = [word for word in MISSING_WORDS if word]
    assert read([*words, "Yes"])[0] == [*words, "Yes"]
    values = read(["None", "Yes", "", '""'])[0]
    assert values[:2] == ["None", "Yes"]
    assert pd.isna(values[2:]).all()
    assert read(["NA", "NA"])[0] == ["NA", "NA"]
    assert read([" M", "M", "M "])[0] == [" M", "M", "M "]


@pytest.mark.parametrize("word", [word for word in MISSING_WORDS if word])
@pytest.mark.parametrize("rest", [["1", "2"], ["1.5", "2"], ["true", "false"], ["2020-01-01", "2021-01-01"]])
def test_in_a_column_of_numbers_dates_or_truths_a_word_is_missing_and_said(read, word, rest):
    values, notes = read([*rest, word, word])
    assert pd.isna(values[2:]).all()
    assert not any(isinstance(value, str) for value in values[:2])
    assert notes == (f"column 'v' is read without these words, as missing: '{word}' 2",)


def test_nothing_is_said_of_empty_fields(read):
    assert read(["1", "2", '""'])[1] == ()


@pytest.mark.parametrize(
    "column",
    [
        ["01220", "1220"], ["01220", "NA"], ["-01", "1"], ["007.5", "8"], ['"012"', "12"], ["00", "1"],
        [str(2**53), str(2**53 + 1), "NA"], ["12345678901234567890", "12345678901234567891"],
    ],
)  # fmt: skip
def test_codes_that_numbers_would_merge_are_text(read, column):
    values, _ = read(column)
    assert values == [cell.strip('"') for cell in column]


def test_numbers_stay_numbers(read):
    assert read(["0", "10", "0.5", "-0.25"])[0] == [0.0, 10.0, 0.5, -0.25]
    assert read([str(2**53), str(2**53 + 1)])[0] == [2**53, 2**53 + 1]
    assert read(["1e300", "2e300"])[0] == [1e300, 2e300]
    assert read(["100", "200"])[0] == [100, 200]


def test_a_column_beside_one_of_codes_keeps_its_numbers(tmp_path):
    (tmp_path / "t.csv").write_text("zip,age\n01220,30\n1220,40\n")
    assert read_table(tmp_path / "t.csv")["age"].tolist() == [30, 40]


@given(st.lists(st.from_regex(r"[0-9]{1,20}", fullmatch=True), min_size=1, max_size=8, unique=True))
def test_digits_that_differ_stay_apart(tmp_path_factory, column):
    path = tmp_path_factory.getbasetemp() / "digits.csv"
    path.write_text("v\n" + "\n".join(column) + "\n")
    assert read_table(path)["v"].nunique() == len(column)


def loaded(folder, frame, **roles):
    frame.to_csv(folder / "t.csv", index=False)
    return load(DataSpec(path="t.csv", **roles), datasets={}, folder=folder)


def test_further_words_are_missing_in_every_column_and_counted(tmp_path):
    frame = pd.DataFrame(
        {"g": ["a", "b", "unknown", "a"], "x": ["1", "unknown", "3", "4"], "k": [1, 2, 999, 4]}
    )
    subject = loaded(tmp_path, frame, na=("unknown", "999"))
    assert subject.table.isna().sum().to_dict() == {"g": 1, "x": 1, "k": 1}
    assert subject.table["x"].dtype == np.float64
    assert any("'unknown' 1" in note for note in subject.notes)
    assert any("'unknown' is missing by --na, 1 cells" in note for note in subject.notes)
    assert loaded(tmp_path, frame).table["g"].tolist() == ["a", "b", "unknown", "a"]
    with pytest.raises(UsageError, match="no cell of the table says 'none'"):
        loaded(tmp_path, frame, na=("none",))
