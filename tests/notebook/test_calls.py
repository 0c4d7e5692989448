"""The notebook door says what the command line says, whatever library holds the table."""

import doctest
import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

import auditkit
from auditkit import AuditkitError, Report, UsageError
from auditkit.notebook import calls, recipes
from auditkit.render.page import html
from auditkit.store.mark import marked

rng = np.random.default_rng(0)
N = 400
TABLE = pd.DataFrame(
    {
        "age": rng.integers(18, 80, N),
        "hours": rng.normal(40.0, 5.0, N),
        "sex": rng.choice(["f", "m"], N),
        "y": rng.integers(0, 2, N),
    }
)
TABLE["yhat"] = np.where(rng.random(N) < 0.7, TABLE["y"], 1 - TABLE["y"])
ASKED = {"target": "y", "pred": "yhat", "groups": ["sex", "age:0/40"], "metrics": ["tpr", "accuracy"]}


@pytest.fixture(scope="module")
def plain():
    return auditkit.audit(TABLE, **ASKED)


def same(report, other):
    return report.findings == other.findings and report.gates == other.gates


def test_the_findings_are_those_of_the_command_line(plain, cli):
    TABLE.to_csv("t.csv", index=False)
    words = "--target y --pred yhat --groups sex,age:0/40 --metrics tpr,accuracy -o r.json"
    assert cli("audit", "t.csv", *words.split()).code == 0
    told = json.loads(Path("r.json").read_text(encoding="utf-8"))["findings"]
    assert [(f["group"], f["metric"], f["value"]) for f in told] == [
        (f.group, f.metric, f.value) for f in plain.findings
    ]


@pytest.mark.parametrize(
    "table",
    [
        pl.DataFrame(TABLE.to_dict("list")),
        pa.Table.from_pandas(TABLE),
        TABLE.to_dict("list"),
        TABLE.set_index("age", drop=False),
        TABLE.to_records(index=False),
    ],
    ids=["polars", "arrow", "columns", "another index", "records"],
)
def test_every_kind_of_table_gives_the_same_findings(plain, table):
    assert same(auditkit.audit(table, **ASKED), plain)


def test_roles_and_groups_may_be_arrays_in_place_of_columns(plain):
    asked = ASKED | {
        "target": TABLE["y"].to_numpy(),
        "pred": TABLE["yhat"].to_list(),
        "groups": {"sex": TABLE["sex"], "age": {"column": "age", "bins": [0, 40]}},
    }
    assert same(auditkit.audit(TABLE[["age", "hours"]], **asked), plain)


@pytest.mark.parametrize("rows", [TABLE[["age", "hours"]], TABLE[["age", "hours"]].to_numpy()])
def test_a_fitted_model_and_a_function_predict_for_themselves(rows):
    model = DecisionTreeClassifier(random_state=0, max_depth=3).fit(rows, TABLE["y"])
    asked = {"target": TABLE["y"], "groups": [TABLE["sex"]], "metrics": ["tpr"]}
    by_label = auditkit.audit(rows, pred=model.predict(rows), **asked)
    names = {} if isinstance(rows, np.ndarray) else {"features": ["age", "hours"]}
    for given in (model, lambda table: model.predict(table if names else np.asarray(table))):
        assert same(auditkit.audit(rows, pred=given, **names, **asked), by_label)


def test_a_score_is_one_number_a_row_and_a_whole_predict_proba_says_what_to_give():
    model = LogisticRegression(max_iter=1000).fit(TABLE[["age", "hours"]], TABLE["y"])
    both = model.predict_proba(TABLE[["age", "hours"]])
    asked = {"target": "y", "groups": ["sex"], "metrics": ["selection_rate"]}
    assert auditkit.audit(TABLE, score=both[:, 1], **asked).findings
    with pytest.raises(AuditkitError, match=r"score is an array of shape \(400, 2\).*\[:, 1\]"):
        auditkit.audit(TABLE, score=both, **asked)


@pytest.mark.parametrize(
    ("data", "asked", "message"),
    [
        (7, {}, "a int is no table: give a pandas"),
        (TABLE, {"target": "yy"}, "target column 'yy' does not exist; did you mean 'y'"),
        (TABLE, {"pred": [1, 0]}, "pred has 2 values, but the table has 400 rows"),
        (TABLE, {"confidence": 2.0}, "^confidence=: must be less than 1"),
        (TABLE, {"metric": ["tpr"]}, "^metric= belongs to no step named by steps=; did you mean 'metrics'"),
        (TABLE, {"steps": "minoria"}, "minoria.*finder"),
        (TABLE, {"groups": {"old": {"colum": "age"}}}, "groups\\['old'\\]: colum"),
    ],
)
def test_what_is_wrong_is_one_sentence_in_the_words_of_the_call(data, asked, message):
    with pytest.raises(AuditkitError, match=message):
        auditkit.audit(data, **{"target": "y", "groups": "sex", **asked})


def test_the_callers_table_is_not_changed():
    before = TABLE.copy()
    auditkit.audit(TABLE, **(ASKED | {"pred": TABLE["yhat"].to_numpy()}))
    pd.testing.assert_frame_equal(TABLE, before)


def test_a_report_shows_frames_and_saves_itself(plain, tmp_path):
    assert isinstance(plain, Report)
    assert html.render(plain).count("<h1") == 1
    assert plain._repr_html_().startswith("<iframe")
    assert "<script" not in plain._repr_html_()
    assert len(plain.to_frame()) == len(plain.findings)
    assert plain.save(tmp_path / "r.html").read_bytes() == b"".join(
        marked(html.render(plain).encode(), ".html")
    )
    (tmp_path / "mine.html").write_text("<html>mine</html>")
    with pytest.raises(UsageError, match="did not write"):
        plain.save(tmp_path / "mine.html")
    plain.save(tmp_path / "mine.html", overwrite=True)
    with pytest.raises(AuditkitError, match=r"no format for '.htm'; did you mean '.html'"):
        plain.save(tmp_path / "r.htm")
    assert str(plain)


def test_a_report_without_a_repair_says_so(plain):
    with pytest.raises(AuditkitError, match="holds no model: no repair ran"):
        _ = plain.model


def test_a_repair_hands_over_its_predictions_and_its_model():
    report = auditkit.repair(TABLE, target="y", sensitive="sex", epochs=1, runs=1, mining="random")
    assert len(report.repaired) == N
    assert set(report.model.predict(TABLE)) <= {0, 1}


def test_a_recipe_runs_on_a_table_in_memory(tmp_path):
    (tmp_path / "r.yaml").write_text(
        "version: 1\nname: n\ndata: {path: none.csv, target: y, pred: yhat}\n"
        "groups: {sex: {column: sex}}\nsteps: [{id: rates, use: rates}]\n"
    )
    report = auditkit.run(tmp_path / "r.yaml", data=TABLE)
    assert report.subject["rows"] == N


@pytest.mark.parametrize("module", [calls, recipes])
def test_the_examples_of_docstrings_run(module):
    found = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert found.attempted
    assert not found.failed
