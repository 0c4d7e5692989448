"""Weights and rows that belong together, through the whole step."""

import numpy as np
import pandas as pd
import pytest
from plugins.rates.audited import audited, one

from auditkit.data.meaning.repeats import note_of_shared_rows
from auditkit.data.subjects import load
from auditkit.spec.data import DataSpec
from auditkit.values.subject import Subject


def table(n=1200, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    return pd.DataFrame(
        {
            "g": rng.choice(["a", "b"], n),
            "y": y,
            "p": np.where(rng.random(n) < 0.8, y, 1 - y),
            "w": rng.gamma(2, size=n),
            "who": rng.integers(0, 100, n),
        }
    )


def test_a_group_whose_weights_are_all_zero_is_not_measured():
    frame = table().assign(w=lambda f: np.where(f.g == "a", 0.0, f.w))
    found = audited(frame, weight="w", metrics=("selection_rate", "tpr", "f1", "equal_opportunity"))
    for metric, words in (("selection_rate", "rows"), ("tpr", "actual positives")):
        for compare in ("absolute", "to_rest"):
            f = one(found, metric, "g=a", compare)
            assert f.value is None
            assert f.reason.startswith("not measured: the weights of its ")
            assert f.reason.endswith(f" {words} are all 0")
            assert f.rows_needed is None
    assert "g=a" in one(found, "equal_opportunity", "g", "difference").left_out
    assert all(f.interval is None or np.isfinite([f.interval.low, f.interval.high]).all() for f in found)


def test_effective_rows_decide_what_is_enough():
    frame = table().assign(w=1.0)
    mine = frame.index[frame.g == "a"]
    frame.loc[mine[:20], "w"] = 1000.0
    few = one(audited(frame, weight="w", metrics=("accuracy",)), "accuracy", "g=a")
    assert few.value is None
    assert (
        few.reason
        == f"insufficient evidence: {len(mine)} rows that are worth 21.1 by their weights, 30 needed"
    )
    assert few.rows_needed > len(mine)
    assert (
        one(audited(frame, weight="w", metrics=("accuracy",), min_n=20), "accuracy", "g=a").value is not None
    )


@pytest.mark.parametrize("unit", [1e-200, 1e160])
def test_the_unit_of_the_weights_changes_nothing(unit):
    frame = table()
    plain, scaled = (audited(frame.assign(w=frame.w * u), weight="w") for u in (1.0, unit))
    assert len(plain) == len(scaled)
    for mine, theirs in zip(plain, scaled, strict=True):
        assert (mine.metric, mine.group, mine.compare, mine.reason) == (
            theirs.metric, theirs.group, theirs.compare, theirs.reason,
        )  # fmt: skip
        if mine.value is not None:
            assert [theirs.value, theirs.interval.low, theirs.interval.high] == pytest.approx(
                [mine.value, mine.interval.low, mine.interval.high], rel=1e-9, abs=1e-12
            )


def test_rows_of_one_person_make_intervals_wider_and_values_none():
    frame = table()
    again = pd.concat([frame.assign(who=np.arange(len(frame)))] * 5, ignore_index=True)
    alone, naive, told = audited(frame), audited(again), audited(again, cluster="who")
    for metric in ("selection_rate", "tpr", "precision", "f1"):
        for compare in ("absolute", "to_rest"):
            parts = [one(found, metric, "g=a", compare) for found in (alone, naive, told)]
            assert parts[1].value == parts[2].value == pytest.approx(parts[0].value)
            first, second, third = (f.interval.high - f.interval.low for f in parts)
            assert second < 0.5 * first
            assert third == pytest.approx(first, rel=0.05)


def test_a_row_without_a_cluster_stands_alone():
    frame = table()
    frame["who"] = frame["who"].astype(object)
    frame.loc[:, "who"] = None
    alone, missing = audited(frame, metrics=("tpr",)), audited(frame, cluster="who", metrics=("tpr",))
    for mine, theirs in zip(alone, missing, strict=True):
        assert theirs.value == pytest.approx(mine.value)
        assert theirs.interval.low == pytest.approx(mine.interval.low)


def test_rows_of_very_few_clusters_are_insufficient_evidence():
    frame = table().assign(who=lambda f: np.arange(len(f)) % 4)
    found = one(audited(frame, cluster="who", metrics=("accuracy",)), "accuracy", "g=a")
    assert found.value is None
    assert "rows of as many as 4.0 clusters, 5 needed" in found.reason
    assert found.rows_needed is None


def test_the_cluster_is_a_role_of_the_data_that_no_model_reads(tmp_path):
    frame = table().assign(x=1.0)
    frame["who"] = frame["who"].astype(object)
    frame.loc[3, "who"] = None
    frame.to_csv(tmp_path / "t.csv", index=False)
    made = load(DataSpec(path="t.csv", target="y", pred="p", cluster="who"), datasets={}, folder=tmp_path)
    assert made.cluster == "who"
    assert "who" not in made.features
    assert "1 rows have no 'who': each counts as belonging to nobody else" in made.notes


def notes_of(frame, **roles):
    notes = []
    audited(frame, metrics=("accuracy",), notes=notes, **roles)
    return [note for note in notes if "repeat" in note]


def test_repeated_rows_are_told_unless_a_cluster_is_named():
    frame = table().assign(x=lambda f: np.random.default_rng(1).normal(size=len(f)))
    again = pd.concat([frame, frame.head(100)], ignore_index=True)
    (note,) = notes_of(again)
    assert note.startswith("100 of 1,300 rows repeat another one exactly")
    assert "--cluster" in note
    assert not notes_of(again, cluster="who")
    assert not notes_of(frame)


def test_rows_that_repeat_because_there_is_little_to_tell_them_apart_are_no_news():
    assert not notes_of(table()[["g", "y", "p"]])


@pytest.mark.parametrize("shared", [0, 30])
def test_rows_in_several_parts_of_the_split_are_told(shared):
    rng = np.random.default_rng(4)
    table = pd.DataFrame(
        {"x": rng.normal(size=600), "z": rng.normal(size=600), "g": rng.choice(["a", "b"], 600)}
    )
    table["part"] = np.where(np.arange(600) < 400, "train", "test")
    if shared:
        table.loc[400 : 399 + shared, ["x", "z", "g"]] = table.loc[: shared - 1, ["x", "z", "g"]].to_numpy()
    said = note_of_shared_rows(Subject(table=table, split="part"))
    twin = [
        row
        for row, values in table.iterrows()
        if (
            (table[["x", "z", "g"]] == values[["x", "z", "g"]]).all(axis=1)
            & (table["part"] != values["part"])
        ).any()
    ]
    assert len(twin) == 2 * shared
    assert (
        said.startswith(f"{2 * shared} of 600 rows are in several parts of the split 'part'")
        if shared
        else not said
    )
    assert not note_of_shared_rows(Subject(table=table))
