"""What `data.versus` may name, what is paired, what is pinned, and what is refused in one sentence."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from running.made import host_of

from auditkit.data.formats.table import read_table
from auditkit.errors import DataError, RecipeError, UsageError
from auditkit.plugins.host import load_plugins
from auditkit.recipe.named import named_recipe
from auditkit.running.engine import run
from auditkit.running.plan import files_read, make_plan
from auditkit.step.step import Repair, Repaired
from auditkit.store.runs import save
from auditkit.values.report import Report

HOST = load_plugins()
N = 300


def rows(seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, N)
    q = np.where(rng.random(N) < 0.8, y, 1 - y)
    p = np.where(rng.random(N) < 0.1, 1 - q, q)
    return pd.DataFrame(
        {"id": np.arange(N), "sex": rng.choice(["F", "M"], N), "y": y, "q": q, "p": p, "s": 0.2 + 0.6 * p}
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows().drop(columns="q").to_csv("new.csv", index=False)
    rows().drop(columns="p").rename(columns={"q": "p"}).sample(frac=1, random_state=1).to_csv(
        "old.csv", index=False
    )
    rows()[["id", "q"]].rename(columns={"q": "p"}).to_parquet("accepted.parquet")
    rows()[["q"]].to_csv("column.csv", index=False)
    np.save("column.npy", rows().q.to_numpy())
    rows().to_csv("both.csv", index=False)
    return tmp_path


def plan_of(folder, *, path="new.csv", steps=("diff",), gates=(), params=None, groups=None, **data):
    document = {
        "name": "x",
        "data": {"path": path, "target": "y", "pred": "p", "favourable": 1, "id": "id", **data},
        "groups": {"sex": {"column": "sex"}} if groups is None else groups,
        "steps": [{"id": name, "use": name, "with": params or {}} for name in steps],
        "gates": list(gates),
    }
    document["data"] = {key: value for key, value in document["data"].items() if value is not None}
    (folder / "r.yaml").write_text(yaml.safe_dump(document))
    found = named_recipe("r.yaml", HOST.recipes)
    return make_plan(found.recipe, found.document, HOST, folder=folder, consent=found.consent)


def changes(report: Report):
    return {
        (f.metric, f.group): (f.value, f.details.get("lost"), f.details.get("gained"))
        for f in report.findings
        if f.compare == "change"
    }


@pytest.mark.parametrize(
    ("path", "versus"),
    [
        ("both.csv", "q"),
        ("new.csv", "old.csv"),
        ("new.csv", "accepted.parquet"),
        ("new.csv", "column.csv"),
        ("new.csv", "column.npy"),
    ],
)
def test_accepted_predictions_of_the_same_rows_are_one_comparison_wherever_they_lie(folder, path, versus):
    frame = rows()
    mine = frame[frame.sex == "F"]
    found = changes(run(plan_of(folder, path=path, versus=versus)))
    value, lost, gained = found["selection_rate", "sex=F"]
    assert value == pytest.approx((mine.p - mine.q).mean())
    assert (lost, gained) == (((mine.q == 1) & (mine.p == 0)).sum(), ((mine.q == 0) & (mine.p == 1)).sum())


def test_scores_are_compared_with_scores(folder):
    frame = rows().assign(t=lambda f: 0.1 + 0.8 * f.q)
    frame.to_csv("both.csv", index=False)
    found = changes(run(plan_of(folder, path="both.csv", pred=None, score="s", versus="t")))
    assert found["selection_rate", ""][0] == pytest.approx((frame.p - frame.q).mean())


def test_decisions_without_labels_are_compared(folder):
    found = changes(run(plan_of(folder, path="both.csv", target=None, pred=None, outcome="p", versus="q")))
    assert list(found) == [("selection_rate", ""), ("selection_rate", "sex=F"), ("selection_rate", "sex=M")]


def test_rows_that_differ_are_compared_as_strangers_and_the_report_says_so(folder):
    rows(5).assign(id=lambda f: f.id + 299).to_csv("old.csv", index=False)
    report = run(plan_of(folder, versus="old.csv"))
    (note,) = [note for note in report.notes if "different rows" in note]
    assert note.startswith("1 of 300 rows are among the 300 of old.csv by 'id', fewer than half")
    assert all(found[1] is None for found in changes(report).values())


def test_groups_that_changed_between_the_tables_are_told_and_the_new_ones_count(folder):
    old = pd.read_csv("old.csv")
    old.loc[old.id < 7, "sex"] = old.sex[old.id < 7].map({"F": "M", "M": "F"})
    old.to_csv("old.csv", index=False)
    report = run(plan_of(folder, versus="old.csv"))
    assert "7 rows have another sex in old.csv: they stand in the new group." in report.notes
    mine = rows()[lambda f: f.sex == "F"]
    assert changes(report)["selection_rate", "sex=F"][0] == pytest.approx((mine.p - mine.q).mean())


@pytest.mark.parametrize("role", ["weight", "cluster"])
def test_other_rows_need_what_says_how_rows_count_and_the_same_rows_do_not(folder, role):
    rows().drop(columns="q").assign(w=lambda f: 1 + f.id % 3).to_csv("new.csv", index=False)
    assert changes(run(plan_of(folder, versus="old.csv", **{role: "w"})))["tpr", ""]
    with pytest.raises(DataError, match="it has no column 'w', and its rows are not known to be these"):
        run(plan_of(folder, versus="old.csv", id=None, **{role: "w"}))


def test_a_stored_run_is_compared_by_its_numbers(folder):
    old = run(plan_of(folder, path="both.csv", pred="q", steps=("rates",)))
    name = save(old, folder / ".auditkit" / "runs")
    for versus in (name, "last"):
        report = run(plan_of(folder, versus=versus))
        frame = rows()
        assert changes(report)["selection_rate", ""][0] == pytest.approx((frame.p - frame.q).mean())
        assert any("name no rows" in note for note in report.notes)
        assert any(item["file"] == "report.json" for item in report.provenance["inputs"])


def test_two_stored_runs_have_the_facts_and_the_groups_of_the_new_one(folder):
    names = [
        save(
            run(plan_of(folder, path="both.csv", pred=pred, steps=("rates",))), folder / ".auditkit" / "runs"
        )
        for pred in ("q", "p")
    ]
    gate = {"id": "g", "on": "diff", "metric": "tpr", "compare": "change", "margin": 0.5}
    report = run(
        plan_of(
            folder,
            path=names[1],
            target=None,
            pred=None,
            favourable=None,
            id=None,
            versus=names[0],
            gates=[gate],
        )
    )
    frame = rows()
    assert changes(report)["selection_rate", ""][0] == pytest.approx((frame.p - frame.q).mean())
    assert (report.subject["rows"], report.subject["target"]) == (N, "y")
    assert {entry.name: entry.n for entry in report.groups} == dict(
        frame.sex.value_counts().rename(lambda s: f"sex={s}")
    )
    assert report.verdict == "pass"
    again = [finding for finding in report.findings if finding.compare == "absolute"]
    assert all(finding.direction == "lower_is_worse" for finding in again if finding.metric == "tpr")


def test_a_run_that_counts_another_outcome_is_refused(folder):
    old = run(plan_of(folder, path="both.csv", pred="q", favourable=0, steps=("rates",)))
    name = save(old, folder / ".auditkit" / "runs")
    with pytest.raises(DataError, match="it counts '0', and these data count '1'"):
        run(plan_of(folder, versus=name))


def test_a_run_without_the_metrics_is_refused_where_they_are_asked_for(folder):
    few = plan_of(folder, path="both.csv", pred="q", steps=("rates",), params={"metrics": ["tpr"]})
    name = save(run(few), folder / ".auditkit" / "runs")
    assert {metric for metric, _ in changes(run(plan_of(folder, versus=name)))} == {"tpr"}
    for metrics, says in ((["fnr"], "fnr"), (["tpr", "fpr", "fnr"], "fpr, fnr")):
        plan = plan_of(folder, versus=name, params={"metrics": metrics})
        with pytest.raises(DataError, match=f"run {name} has no {says}: take a run of rates, or of diff"):
            run(plan)


def test_a_file_of_accepted_predictions_stands_beside_rows_that_are_left_out(folder):
    frame = rows().assign(p=lambda f: f.p.where(f.id > 4))
    frame.drop(columns="q").to_csv("new.csv", index=False)
    found = changes(run(plan_of(folder, versus="column.npy", missing="drop")))
    kept = frame.dropna()
    assert found["selection_rate", ""][0] == pytest.approx((kept.p - kept.q).mean())


def test_what_was_accepted_is_pinned_by_its_hash(folder):
    found = hashlib.sha256((folder / "old.csv").read_bytes()).hexdigest()
    assert changes(run(plan_of(folder, versus="old.csv", versus_sha256=found.upper())))
    with pytest.raises(DataError, match=f"old.csv is not what was accepted: its SHA-256 is {found}"):
        run(plan_of(folder, versus="old.csv", versus_sha256="0" * 64))
    with pytest.raises(UsageError, match="'q' is a column, which is no single file"):
        run(plan_of(folder, path="both.csv", versus="q", versus_sha256=found))
    with pytest.raises(UsageError, match=r"that is missing"):
        run(plan_of(folder, steps=("rates",), versus_sha256=found))


@pytest.mark.parametrize(
    ("versus", "change", "says"),
    [
        ("old.cvs", None, "versus 'old.cvs' is no column, file or stored run; did you mean 'old.csv'?"),
        ("old.csv", lambda f: f.drop(columns="p"), "versus old.csv: pred column 'p' does not exist"),
        ("old.csv", lambda f: f.drop(columns="id"), "it has no column 'id', which --id names"),
        ("old.csv", lambda f: f.assign(id=f.id // 2), "names 150 rows that have been named before"),
        ("old.csv", lambda f: f.assign(p=f.p.where(f.id > 4)), "versus old.csv: pred column 'p' has 5 missing values"),
        ("old.csv", lambda f: f.assign(y=1 - f.y), "300 of 300 rows have another 'y' in old.csv"),
        ("old.csv", lambda f: f.assign(y=1), "versus old.csv: "),
        ("old.csv", lambda f: f.head(0), "old.csv has a header but no rows"),
        ("column.csv", lambda f: f.head(200), "has 200 values, but the table has 300 rows"),
        ("accepted.csv", lambda f: f[["id", "p"]].assign(p=lambda g: g.p.map({0: "no", 1: "maybe"})), "the two predictions do not have the same classes: '"),
    ],
)  # fmt: skip
def test_what_does_not_go_with_the_data_is_refused_in_a_sentence(folder, versus, change, says):
    if change is not None:
        source = "column.csv" if versus == "column.csv" else "old.csv"
        change(pd.read_csv(source)).to_csv(versus, index=False)
    with pytest.raises((DataError, UsageError)) as raised:
        run(plan_of(folder, versus=versus))
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_missing_predictions_on_either_side_are_left_out_on_both(folder):
    frame = rows().astype({"p": float, "q": float})
    frame.loc[:9, "q"] = np.nan
    frame.loc[20:24, "p"] = np.nan
    frame.to_csv("both.csv", index=False)
    with pytest.raises(DataError, match="has 5 missing values"):
        run(plan_of(folder, path="both.csv", versus="q"))
    report = run(plan_of(folder, path="both.csv", versus="q", missing="drop"))
    kept = frame.dropna()
    assert report.subject["rows"] == len(kept) == N - 15
    assert changes(report)["selection_rate", ""][0] == pytest.approx((kept.p - kept.q).mean())


def test_a_model_that_decided_for_everybody_alike_is_compared(folder):
    frame = rows().assign(q=1)
    frame.to_csv("both.csv", index=False)
    frame[["id", "q"]].rename(columns={"q": "p"}).to_csv("old.csv", index=False)
    for path, versus, roles in (
        ("both.csv", "q", {}),
        ("both.csv", "q", {"target": None, "pred": None, "outcome": "p"}),
        ("new.csv", "old.csv", {}),
    ):
        found = changes(run(plan_of(folder, path=path, versus=versus, **roles)))
        assert found["selection_rate", ""][0] == pytest.approx(frame.p.mean() - 1)


def test_scores_that_other_rows_lack_are_told(folder):
    frame = rows().assign(t=lambda f: f.s)
    frame.loc[:4, "s"] = np.nan
    frame.to_csv("both.csv", index=False)
    report = run(plan_of(folder, path="both.csv", pred=None, score="s", versus="t", missing="drop"))
    assert report.subject["rows"] == N - 5
    with_pred = run(plan_of(folder, path="both.csv", score="s", versus="q", missing="drop"))
    kept = frame.dropna()
    assert changes(with_pred)["selection_rate", ""][0] == pytest.approx((kept.p - kept.q).mean())


def test_a_bundled_data_set_has_its_own_target_outcome_and_groups(folder):
    target = HOST.datasets["adult"].target
    table = read_table(Path(HOST.datasets["adult"].path))
    said = table[target].to_numpy(dtype=str)
    turned = np.where(np.arange(len(said)) % 20 == 0, "<=50K", said)
    for name, values in (("old.npy", said), ("new.npy", turned)):
        np.save(name, values)
    plan = plan_of(
        folder,
        path="adult",
        target=None,
        favourable=None,
        id=None,
        pred="new.npy",
        versus="old.npy",
        groups={},
    )
    found = changes(run(plan))
    assert found["selection_rate", ""][0] == pytest.approx(
        (turned == ">50K").mean() - (said == ">50K").mean()
    )
    assert found["tpr", "sex=Female"][0] < 0


def test_new_predictions_of_a_file_are_not_taken_for_the_old_ones(folder):
    np.save("new.npy", rows().p.to_numpy())
    with pytest.raises(
        DataError, match=r"versus old.csv: its predictions would be those of new.npy, which belong"
    ):
        run(plan_of(folder, pred="new.npy", versus="old.csv"))


def test_nobody_compares_without_a_step_that_does(folder):
    with pytest.raises(RecipeError, match="no step of this run says what changed; add one with use: diff"):
        plan_of(folder, versus="old.csv", steps=("rates",))
    with pytest.raises(UsageError, match="diff needs what was accepted before"):
        run(plan_of(folder))


def test_only_diff_reads_a_stored_run_in_the_place_of_data(folder):
    name = save(run(plan_of(folder, path="both.csv", steps=("rates",))), folder / ".auditkit" / "runs")
    with pytest.raises(UsageError, match="is a stored run, which has no rows: rates needs data"):
        run(plan_of(folder, path=name, target=None, pred=None, favourable=None, id=None, steps=("rates",)))
    with pytest.raises(
        UsageError, match=f"run {name} has no rows: only another run can stand in data.versus"
    ):
        run(plan_of(folder, path=name, target=None, pred=None, favourable=None, id=None, versus="old.csv"))


def test_what_is_compared_with_is_no_feature_and_no_output(folder):
    plan = plan_of(folder, path="both.csv", versus="q")
    assert not {"q", "id", "p"} & set(plan.loaded.subject.features)
    assert folder / "old.csv" in set(files_read(plan_of(folder, versus="old.csv")))


def test_a_recipe_reads_what_it_is_compared_with_within_its_reach(folder):
    (folder / "in").mkdir()
    outside = folder.parent / "outside.csv"
    rows().to_csv(outside, index=False)
    with pytest.raises(RecipeError, match=r"data.versus: "):
        plan_of(folder, versus=str(outside))


def test_a_repaired_prediction_is_compared_row_by_row(folder):
    class Reverse(Repair):
        name = "reverse"
        title = "Turned around"
        method = "Reverses the rows and accepts all."

        def apply(self, subject, params, context):
            table = subject.table.iloc[::-1].head(200).assign(p=1)
            return Repaired(replace(subject, table=table))

    plan = plan_of(folder, versus="old.csv")
    host = host_of(Reverse, *{type(planned.step) for planned in plan.steps})
    text = yaml.safe_load((folder / "r.yaml").read_text())
    text["steps"].insert(0, {"id": "reverse", "use": "reverse"})
    (folder / "r.yaml").write_text(yaml.safe_dump(text))
    found = named_recipe("r.yaml", HOST.recipes)
    report = run(make_plan(found.recipe, found.document, host, folder=folder, consent=found.consent))
    last = rows().tail(200)
    assert changes(report)["selection_rate", ""][0] == pytest.approx(1 - last.q.mean())
