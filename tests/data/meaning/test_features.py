"""Features: one rule leaves out what names its rows, predicts, or tells the time, and lists it."""

import numpy as np
import pandas as pd
import pytest

from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.meaning.features import default_features, looks_like
from auditkit.data.subjects import load
from auditkit.spec.data import DataSpec

N = 60


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("case_id", np.random.default_rng(0).permutation(10_000)[:N], "identifiers"),
        ("userID", np.random.default_rng(0).permutation(10_000)[:N], "identifiers"),
        ("anything", np.random.default_rng(0).permutation(N), "identifiers"),
        ("name", [f"person {i}" for i in range(N)], "identifiers"),
        ("y_pred", [0, 1] * (N // 2), "predictions"),
        ("Prediction", [0.1, 0.9] * (N // 2), "predictions"),
        ("hired", pd.date_range("2020-01-01", periods=N), "times"),
        (
            "case_id",
            np.append(np.random.default_rng(0).permutation(10_000)[: N - 1], np.nan),
            "identifiers",
        ),
        ("personId", np.random.default_rng(0).permutation(10_000)[:N], "identifiers"),
        ("Serial No.", np.random.default_rng(0).permutation(10_000)[:N], "identifiers"),
        ("customer_id", np.repeat(np.random.default_rng(0).permutation(10_000)[:150], 2), "identifiers"),
        ("pred_income", [0, 1] * (N // 2), "predictions"),
        ("model_score", [0.1, 0.9] * (N // 2), "predictions"),
        ("PredictedLabel", [0, 1] * (N // 2), "predictions"),
        ("Scored Probabilities", [0.1, 0.9] * (N // 2), "predictions"),
        ("prob_1", [0.1, 0.9] * (N // 2), "predictions"),
        ("start", ["01/02/2020", "03/04/2021"] * (N // 2), "times"),
        ("start", ["2020-01-02", None, "2021-03-04 10:00"] * (N // 3), "times"),
        ("clock", ["10:30", "9:15 pm"] * (N // 2), "times"),
        ("hired", [pd.Timestamp("2020-01-02").date()] * N, "times"),
        ("took", pd.to_timedelta(np.arange(N) % 7, unit="h"), "times"),
        ("month", pd.period_range("2020-01", periods=N, freq="M"), "times"),
        ("created_at", 1_600_000_000 + np.arange(N) * 7 % 50, "times"),
        ("version", ["1.2.3", "1.2.4"] * (N // 2), ""),
        ("year", 2000 + np.arange(N) % 20, ""),
        ("credit_score", np.arange(N) % 50 + 600, ""),
        ("problem", ["a", "b"] * (N // 2), ""),
        ("predictor", np.arange(N) % 7, ""),
        ("looked_at", np.arange(N) % 7, ""),
        ("income", np.random.default_rng(0).permutation(90_000)[:N], ""),
        ("paid", np.random.default_rng(0).permutation(90_000)[:N], ""),
        ("age", np.arange(N) // 2, ""),
        ("group_id", np.arange(N) // 2, ""),
        ("x", np.random.default_rng(0).normal(size=N), ""),
        ("town", ["a", "b", "c"] * (N // 3), ""),
        ("tags", [["a"], ["b"]] * (N // 2), ""),
    ],
)
def test_a_column_looks_like(name, values, kind):
    assert looks_like(pd.Series(values, name=name)) == kind


def test_few_rows_say_nothing():
    assert looks_like(pd.Series(range(5), name="id")) == ""


def test_what_is_left_out_is_listed_and_may_be_named_all_the_same(tmp_path):
    frame = pd.DataFrame(
        {"case_id": range(N), "age": np.arange(N) // 3, "y": [0, 1] * (N // 2), "y_pred": [1, 0] * (N // 2)}
    )
    frame["seen"] = pd.date_range("2020-01-01", periods=N)
    frame.to_parquet(tmp_path / "t.parquet")
    subject = load(DataSpec(path="t.parquet", target="y"), datasets={}, folder=tmp_path)
    assert subject.features == ("age",)
    assert any("(identifiers: case_id; predictions: y_pred; times: seen)" in note for note in subject.notes)
    named = load(
        DataSpec(path="t.parquet", target="y", features=("case_id", "age")), datasets={}, folder=tmp_path
    )
    assert named.features == ("case_id", "age")
    assert not any("left out of the features" in note for note in named.notes)


@pytest.mark.parametrize("dataset", BUNDLED.values(), ids=lambda one: one.name)
def test_no_column_of_a_bundled_set_looks_like_anything(dataset, tmp_path):
    table = load(DataSpec(path=dataset.name), datasets=BUNDLED, folder=tmp_path).table
    assert default_features(table, without=())[1] == ""
