"""Which rows of two tables are the same, and what is refused or said where that is not clear."""

import numpy as np
import pandas as pd
import pytest

from auditkit import Subject
from auditkit.data.pairing import same_rows
from auditkit.errors import DataError


def subject(frame, source="new"):
    return Subject(table=frame.reset_index(drop=True), source=source, target="y", pred="p")


def rows(n=100, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"id": np.arange(n) + 7, "y": rng.integers(0, 2, n), "p": rng.integers(0, 2, n)})


def test_rows_are_found_by_their_ids_in_any_order():
    frame = rows()
    mixed = frame.sample(frac=1, random_state=1)
    places, notes = same_rows(subject(frame), subject(mixed, "old"), key="id")
    assert (mixed.id.to_numpy()[places] == frame.id.to_numpy()).all()
    assert notes == []


@pytest.mark.parametrize("kind", [str, float, "category", "Int64"])
def test_ids_of_another_type_are_the_same_names(kind):
    frame = rows()
    places, _ = same_rows(subject(frame), subject(frame.assign(id=frame.id.astype(kind)), "old"), key="id")
    assert (places == np.arange(len(frame))).all()


def test_rows_of_one_table_alone_are_left_out_and_told():
    frame = rows()
    places, notes = same_rows(subject(frame.tail(90)), subject(frame.head(80), "old"), key="id")
    assert (places >= 0).sum() == 70
    assert notes == [
        "70 rows are in both tables by 'id' and are compared; 20 only here and 10 only in old are not."
    ]


@pytest.mark.parametrize("shared", [1, 10, 49])
def test_with_little_in_common_nothing_is_paired(shared):
    frame = rows(200)
    places, notes = same_rows(
        subject(frame.head(100)), subject(frame[100 - shared : 200 - shared], "old"), key="id"
    )
    assert places is None
    assert f"{shared} of 100 rows are among the 100 of old by 'id', fewer than half" in notes[0]


def test_ids_of_which_none_is_in_both_are_refused_with_one_of_each():
    named = rows().assign(id=lambda f: "no-" + f.id.astype(str))
    with pytest.raises(DataError, match="no 'id' of new, such as '7', is among those of old, such as 'no-7'"):
        same_rows(subject(rows()), subject(named, "old"), key="id")


@pytest.mark.parametrize("side", [0, 1])
def test_an_id_that_names_two_rows_or_none_is_refused(side):
    frames = [rows(), rows()]
    frames[side].loc[3, "id"] = frames[side].loc[4, "id"]
    with pytest.raises(DataError, match="names 1 rows that have been named before, such as '11'"):
        same_rows(subject(frames[0]), subject(frames[1], "old"), key="id")
    frames[side] = rows().assign(id=lambda f: f.id.where(f.id > 20))
    with pytest.raises(DataError, match="lacks 14 values; --missing drop"):
        same_rows(subject(frames[0]), subject(frames[1], "old"), key="id")


def test_an_id_that_is_no_column_is_refused():
    with pytest.raises(DataError, match="no column 'idd'"):
        same_rows(subject(rows()), subject(rows(), "old"), key="idd")


def test_a_few_other_targets_are_told_and_many_are_other_rows():
    frame = rows()
    places, notes = same_rows(
        subject(frame), subject(frame.assign(y=frame.y.where(frame.index > 4, 1 - frame.y)), "old"), key="id"
    )
    assert places is not None
    assert notes == ["5 rows have another 'y' in old: both are held to the new one."]
    with pytest.raises(
        DataError, match="100 of 100 rows have another 'y' in old: 'id' does not name the same rows"
    ):
        same_rows(subject(frame), subject(frame.assign(y=1 - frame.y), "old"), key="id")


def test_missing_targets_turn_nothing():
    frame = rows().assign(y=lambda f: f.y.where(f.index > 50))
    _, notes = same_rows(subject(frame), subject(rows(), "old"), key="id")
    assert notes == []


def test_without_an_id_rows_are_the_same_where_all_else_agrees():
    frame = rows()
    places, notes = same_rows(subject(frame), subject(frame.assign(p=1 - frame.p), "old"), key=None)
    assert (places == np.arange(100)).all()
    assert notes == ["Rows are compared by their places: id, y agree in every row of old."]


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.head(99),
        lambda f: f.assign(id=f.id[::-1].to_numpy()),
        lambda f: f[["p"]].assign(y=f.y[::-1].to_numpy()),
    ],
)
def test_without_an_id_rows_that_differ_are_strangers(change):
    places, notes = same_rows(subject(rows()), subject(change(rows()), "old"), key=None)
    assert places is None
    assert "--id COLUMN names the rows that are the same" in notes[0]
