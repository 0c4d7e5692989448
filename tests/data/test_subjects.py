"""From a DataSpec to a checked subject: roles, defaults, and every way in which they do not fit."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.sources import inputs_of
from auditkit.data.subjects import load
from auditkit.errors import DataError
from auditkit.spec.data import DataSpec
from auditkit.values.offers import Dataset, Loader
from auditkit.values.outcome import Outcome

ROWS = pd.DataFrame(
    {
        "age": [20.0, 30.0, 40.0, 50.0],
        "sex": ["F", "M", "F", "M"],
        "y": [0, 1, 1, 0],
        "p": [0.1, 0.9, 0.4, 0.6],
        "w": [1.0, 2.0, 0.0, 1.0],
        "part": ["train", "test", "train", "test"],
    }
)


@pytest.fixture
def loaded(tmp_path):
    """Write a table and load it with these roles."""

    def loaded(frame=ROWS, *, datasets=None, loaders=(), **roles):
        frame.to_parquet(tmp_path / "t.parquet")
        spec = DataSpec(**{"path": "t.parquet"} | roles)
        return load(spec, datasets=datasets or {}, loaders=loaders, folder=tmp_path)

    return loaded


def changed(**columns):
    return ROWS.assign(**columns)


def test_features_are_the_columns_without_another_role(loaded):
    subject = loaded(target="y", score="p", weight="w", split="part", sensitive=("sex",))
    assert subject.features == ("age",)
    assert subject.sensitive == ("sex",)
    assert loaded(target="y", ignore=("p", "w")).features == ("age", "sex", "part")
    assert loaded(target="y", features=("p", "age", "p")).features == ("p", "age")


def test_a_saved_index_is_no_feature(loaded):
    assert "Unnamed: 0" not in loaded(changed(**{"Unnamed: 0": range(4)}), target="y").features


def test_no_role_at_all_is_a_subject_with_features_only(loaded):
    subject = loaded()
    assert subject.task == "none"
    assert len(subject.features) == 6


def test_the_positive_class_may_be_text_for_a_number_or_a_truth(loaded):
    assert loaded(target="y", positive="0").classes == (1, 0)
    assert loaded(target="y", positive=True).classes == (0, 1)
    truth = loaded(changed(y=[True, False, True, False]), target="y", positive="false")
    assert truth.classes == (True, False)
    assert loaded(changed(y=["1", "2", "1", "2"]), target="y", positive=1).classes == ("2", "1")


def test_an_outcome_that_nobody_declares_is_the_last_class_and_a_guess(loaded):
    assert loaded(target="y").outcome == Outcome(column="y", value=1, kind="favourable", said=False)
    assert not loaded(target="y", positive=1).notes


ERRORS = {
    "target": (ROWS, {"target": "Y"}, "target column 'Y' does not exist; did you mean 'y'?"),
    "pred": (ROWS, {"target": "y", "pred": "prt"}, "pred column 'prt' does not exist; did you mean 'part'?"),
    "score": (ROWS, {"score": "pp"}, "score column 'pp' does not exist"),
    "weight": (ROWS, {"weight": "ww"}, "weight column 'ww' does not exist"),
    "split": (ROWS, {"split": "parts"}, "split column 'parts' does not exist; did you mean 'part'?"),
    "features": (ROWS, {"features": ("ages",)}, "feature column 'ages' does not exist; did you mean 'age'?"),
    "ignore": (ROWS, {"ignore": ("ages",)}, "ignore column 'ages' does not exist"),
    "sensitive": (ROWS, {"sensitive": ("gender",)}, "sensitive column 'gender' does not exist"),
    "positive": (ROWS, {"target": "y", "positive": "2"}, "column 'y' has no class '2'"),
    "positive of three": (changed(y=[0, 1, 2, 1]), {"target": "y", "positive": 1}, "has 3 classes"),
    "two roles": (ROWS, {"target": "y", "pred": "y"}, "'y' cannot be both target and pred"),
    "leak": (ROWS, {"target": "y", "features": ("y",)}, "'y' cannot be both target and a feature"),
    "ignored": (ROWS, {"target": "y", "ignore": ("y",)}, "'y' cannot be both target and ignored"),
    "two rows": (ROWS.head(2), {"target": "y"}, "has 2 rows; at least 3"),
    "one row": (ROWS.head(1), {}, "has 1 row; at least 3"),
    "missing": (changed(y=[0, 1, None, 1]), {"target": "y"}, "'y' has 1 missing values; .*--missing drop"),
    "one class": (changed(y=[1, 1, 1, 1]), {"target": "y"}, "has one value only"),
    "lists": (changed(y=[[1], [2], [1], [2]]), {"target": "y"}, "column 'y' holds several labels"),
    "pred text": (changed(q=["a", "b", "a", "b"]), {"target": "y", "pred": "q"}, "no class of 'y': 'a', 'b'"),
    "probability": (ROWS, {"target": "y", "pred": "p"}, "give those with --score"),
    "pred missing": (changed(q=[0, 1, None, 1]), {"target": "y", "pred": "q"}, "'q' has 1 missing"),
    "score nan": (changed(p=[0.1, None, 0, 1]), {"target": "y", "score": "p"}, "'p' has 1 missing"),
    "score inf": (changed(p=[0.1, np.inf, 0, 1]), {"target": "y", "score": "p"}, "'p' has 1 infinite"),
    "score text": (
        ROWS,
        {"target": "y", "score": "sex"},
        "'sex' is not a number; labels are given with --pred",
    ),
    "score of three": (changed(y=[0, 1, 2, 1]), {"target": "y", "score": "p"}, "has 3 classes; .*--pred"),
    "weight negative": (changed(w=[1, -1, 1, -1]), {"weight": "w"}, "has 2 negative"),
    "weight nan": (changed(w=[1, None, 1, 1]), {"weight": "w"}, "has 1 missing"),
    "weight inf": (changed(w=[1, np.inf, 1, 1]), {"weight": "w"}, "has 1 infinite"),
    "weight zero": (changed(w=[0.0] * 4), {"weight": "w"}, "zero in every row"),
    "weight text": (ROWS, {"weight": "sex"}, "weight column 'sex' is not a number"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_a_role_that_does_not_fit_gets_one_clear_sentence(loaded, case):
    frame, roles, message = ERRORS[case]
    with pytest.raises(DataError, match=message) as caught:
        loaded(frame, **roles)
    assert "\n" not in str(caught.value)


NUMBERS = pd.DataFrame({"x": np.arange(30.0), "y": np.arange(30.0) / 7, "q": np.arange(30.0)})


@pytest.mark.parametrize(
    ("frame", "roles", "message"),
    [
        (NUMBERS, {"score": "q"}, "a score is for two classes, but target 'y' is a number"),
        (NUMBERS.assign(q="a"), {"pred": "q"}, "pred column 'q' is not a number"),
        (NUMBERS.assign(q=np.inf), {"pred": "q"}, "has 30 infinite"),
        (NUMBERS.assign(y=NUMBERS["y"].replace(0.0, np.inf)), {}, "target column 'y' has infinite"),
        (NUMBERS, {"positive": 1}, "column 'y' is a number"),
    ],
)
def test_a_number_as_target_wants_numbers_as_predictions(loaded, frame, roles, message):
    with pytest.raises(DataError, match=message):
        loaded(frame, target="y", **roles)


def test_predictions_are_told_in_the_classes_of_the_target(loaded):
    for said in (["0", "1", "1", "0"], [0.0, 1.0, 1.0, 0.0], [False, True, True, False]):
        subject = loaded(changed(q=said), target="y", pred="q")
        assert subject.table["q"].tolist() == [0, 1, 1, 0]
    holes = loaded(
        changed(y=[0.0, 1.0, None, 1.0], q=["0", "1", "1", "0"]), target="y", pred="q", missing="drop"
    )
    assert holes.table["q"].tolist() == [0.0, 1.0, 0.0]
    text = loaded(changed(y=["1", "0", "1", "0"], q=[1, 0, 0, 0]), target="y", pred="q")
    assert text.table["q"].tolist() == ["1", "0", "0", "0"]


def test_predictions_need_no_target(loaded):
    assert loaded(pred="sex").pred == "sex"


@pytest.mark.parametrize("name", ["pred.npy", "pred.csv", "pred.parquet"])
def test_predictions_may_be_a_file_of_one_column(loaded, tmp_path, name):
    for rows, good in ((4, True), (5, False)):
        values = np.arange(rows) % 2
        match name:
            case "pred.npy":
                np.save(tmp_path / name, values)
            case "pred.csv":
                pd.DataFrame({"any": values}).to_csv(tmp_path / name, index=False)
            case _:
                pd.DataFrame({"any": values}).to_parquet(tmp_path / name)
        if good:
            subject = loaded(target="y", pred=name)
            assert subject.column(subject.pred).tolist() == [0, 1, 0, 1]
            assert subject.pred not in subject.features
        else:
            with pytest.raises(DataError, match="has 5 values, but the table has 4 rows"):
                loaded(target="y", pred=name)


def test_a_prediction_file_never_replaces_a_column(loaded, tmp_path):
    np.save(tmp_path / "s.npy", np.array([[0.0], [0.5], [1.0], [0.25]]))
    subject = loaded(changed(score=1.0), target="y", score="s.npy")
    assert subject.score == "score_"
    assert subject.column("score_").tolist() == [0.0, 0.5, 1.0, 0.25]
    assert subject.column("score").tolist() == [1.0] * 4


def test_a_bad_prediction_file_is_a_data_error(loaded, tmp_path):
    (tmp_path / "bad.npy").write_bytes(b"no")
    np.save(tmp_path / "wide.npy", np.zeros((4, 2)))
    ROWS.to_csv(tmp_path / "many.csv", index=False)
    for name, message in (
        ("bad.npy", "numpy.save"),
        ("wide.npy", r"shape \(4, 2\)"),
        ("many.csv", "has 6 columns"),
        ("none.csv", "none.csv does not exist"),
        ("none.npy", "none.npy does not exist"),
    ):
        with pytest.raises(DataError, match=message):
            loaded(target="y", score=name)


def test_drop_leaves_out_rows_without_an_outcome_or_a_number_but_keeps_missing_categories(loaded, tmp_path):
    frame = pd.DataFrame(
        {
            "y": [0, 1, None, 1, 0, 1],
            "age": [1.0, None, 3.0, 4.0, 5.0, 6.0],
            "job": ["a", "b", "a", None, "b", "a"],
            "z": [1.0, 1.0, 1.0, 1.0, None, 1.0],
        }
    )
    np.save(tmp_path / "pred.npy", np.array([0, 1, 1, 1, 0, 0]))
    subject = loaded(frame, target="y", pred="pred.npy", ignore=("z",), missing="drop")
    assert subject.table["age"].tolist() == [1.0, 4.0, 5.0, 6.0]
    assert subject.column(subject.pred).tolist() == [0, 1, 0, 0]
    assert subject.table.index.tolist() == [0, 1, 2, 3]
    assert subject.missing == "refuse"
    assert "2 rows with missing values were left out (y 1, age 1)" in subject.notes


def test_drop_that_leaves_nothing_says_which_column_is_to_blame(loaded):
    with pytest.raises(DataError, match=r"after 4 rows .*age 4.* left out, has 0 rows"):
        loaded(changed(age=[None] * 4).astype({"age": float}), target="y", missing="drop")


def test_a_data_set_fills_in_what_the_spec_leaves_open(loaded, tmp_path):
    toy = Dataset(
        name="toy", title="", path=str(tmp_path / "t.parquet"), licence="", citation="", caveat="Made up.",
        target="y", unfavourable=0, split="part", sensitive=("sex",), ignore=("w",),
        groups={"sex": {"column": "sex"}, "age": {"column": "age", "bins": [0, 35, 99]}},
    )  # fmt: skip
    subject = loaded(path="toy", datasets={"toy": toy})
    assert (subject.source, subject.target, subject.split) == ("toy", "y", "part")
    assert subject.outcome == Outcome(column="y", value=0, kind="unfavourable", by="data set")
    assert subject.features == ("age", "p")
    assert [grouping.labels for grouping in subject.groupings] == [("F", "M"), ("0 to 35", "35 to 99")]
    assert subject.notes == ("Made up.",)
    other = loaded(path="toy", datasets={"toy": toy}, target="sex", weight="w", sensitive=("age",))
    assert (other.target, other.weight, other.sensitive) == ("sex", "w", ("age",))
    assert other.outcome == Outcome(column="sex", value="M", kind="favourable", said=False)


def test_a_data_set_wins_over_a_file_of_its_name(loaded, tmp_path):
    ROWS.head(3).to_csv(tmp_path / "toy.csv", index=False)
    toy = Dataset(name="toy.csv", title="", path=str(tmp_path / "t.parquet"), licence="", citation="")
    assert len(loaded(path="toy.csv", datasets={"toy.csv": toy})) == 4
    assert len(loaded(path="./toy.csv", datasets={"toy.csv": toy})) == 3


def test_an_unknown_path_gets_the_nearest_of_files_and_data_sets(loaded, tmp_path):
    ROWS.to_csv(tmp_path / "loans.csv", index=False)
    for path, near in (("loan.csv", "'loans.csv'"), ("adlut", "'adult'")):
        with pytest.raises(
            DataError, match=f"'{path}' is neither a file nor a data set; did you mean {near}"
        ):
            loaded(path=path, datasets=BUNDLED)
    with pytest.raises(DataError, match="there is no folder"):
        loaded(path="no/where.csv")


def test_a_loader_reads_its_scheme_and_its_extension(loaded, tmp_path):
    shelf = Loader(
        "shelf", lambda name: ROWS.assign(name=name).set_index("age"), scheme="shelf", extensions=(".shf",)
    )
    assert loaded(path="shelf:a/b", loaders=(shelf,)).table["name"].tolist() == ["a/b"] * 4
    (tmp_path / "a.shf").write_text("x")
    subject = loaded(path="a.shf", loaders=(shelf,))
    assert subject.table["name"][0] == str(tmp_path / "a.shf")
    assert subject.table.index.tolist() == [0, 1, 2, 3]
    twice = Loader("twice", lambda _: pd.DataFrame([[1, 2]] * 3, columns=["a", "a"]), scheme="twice")
    with pytest.raises(DataError, match="more than one column named 'a'"):
        loaded(path="twice:x", loaders=(twice,))


def test_the_inputs_are_the_files_that_a_load_reads(tmp_path):
    ROWS.to_csv(tmp_path / "t.csv", index=False)
    np.save(tmp_path / "p.npy", np.zeros(4))
    spec = DataSpec(path="t.csv", pred="y", score="p.npy")
    assert inputs_of(spec, datasets={}, folder=tmp_path) == (tmp_path / "t.csv", tmp_path / "p.npy")
    assert inputs_of(DataSpec(path="sql:x"), datasets={}, folder=tmp_path) == ()
    assert inputs_of(DataSpec(path="adult"), datasets=BUNDLED, folder=tmp_path) == (
        Path(BUNDLED["adult"].path),
    )


def test_the_bundled_data_sets_load_as_they_stand(tmp_path):
    adult = load(DataSpec(path="adult"), datasets=BUNDLED, folder=tmp_path)
    assert (len(adult), adult.classes) == (48_842, ("<=50K", ">50K"))
    assert not {"sex", "race", "age", "native-country", "fnlwgt", "income", "split"} & set(adult.features)
    assert [grouping.name for grouping in adult.groupings] == ["sex", "race", "age"]
    assert all((grouping.codes >= 0).all() for grouping in adult.groupings)
    german = load(DataSpec(path="german_credit"), datasets=BUNDLED, folder=tmp_path)
    assert (len(german), german.classes) == (1000, (2, 1))
    assert all((grouping.codes >= 0).all() for grouping in german.groupings)


def test_loading_is_light_to_import():
    import subprocess
    import sys

    heavy = "{'numpy', 'pandas', 'pyarrow'} & set(sys.modules)"
    program = f"import sys, auditkit.data.subjects, auditkit.data.bundled.sets; print({heavy})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
