"""Several repairs beside each other by the command line: one table, one chart, a choice, and files to audit."""

import re

import numpy as np
import pandas as pd
import pytest

import auditkit

pytestmark = pytest.mark.slow

WITH = ["--with", "thresholds,reweigh,dfr", "--sensitive", "sex", "--target", "hired", "--favourable", "yes"]
QUICK = ["--bootstrap", "100"]


@pytest.fixture
def people(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    male = rng.random(2000) < 0.6
    hired = rng.random(2000) < np.where(male, 0.55, 0.3)
    table = pd.DataFrame(
        {
            "skill": rng.normal(size=2000) + 1.2 * hired,
            "proxy": rng.normal(size=2000) + 1.5 * male,
            "sex": np.where(male, "Male", "Female"),
            "hired": np.where(hired, "yes", "no"),
            "person": np.arange(2000) + 7,
        }
    )
    table.to_csv("people.csv", index=False)
    return table


def test_repairs_on_one_command_start_from_the_same_data_and_stand_in_one_table(cli, people):
    done = cli("repair", "people.csv", *WITH, *QUICK, "--ignore", "person", "--json")
    assert done.code == 0, done.err
    report = done.report
    assert [step["id"] for step in report["steps"]] == ["alternatives", "thresholds", "reweigh", "dfr"]
    table, chart = report["tables"][0], report["charts"][0]
    assert table["columns"] == ["on held-out rows", "before", "thresholds", "reweigh", "dfr"]
    rows = {row[0]: row[1:] for row in table["rows"]}
    assert {"accuracy", "balanced accuracy", "equalized odds mean · sex", "tpr · sex=Male", "seconds"} <= set(
        rows
    )
    assert chart["title"] == "What each repair costs and brings"
    assert "recommended" in {layer["name"] for layer in chart["layers"]} or "before" in chart["caption"]
    stages = [f for f in report["findings"] if f["metric"] == "accuracy" and not f["group"]]
    before = {f["step"]: f["value"] for f in stages if f["stage"] == 0}
    assert set(before) == {"thresholds", "reweigh", "dfr"}
    assert len(set(before.values())) == 1
    assert {f["n"] for f in stages} == {600}
    after = {f["step"]: f["value"] for f in stages if f["stage"] == 1}
    shown = dict(zip(table["columns"][1:], rows["accuracy"], strict=True))
    assert shown["before"] == f"{before['dfr']:.3f}"
    assert all(shown[name].startswith(f"{value:.3f} (") for name, value in after.items())
    told = [answer for answer in report["answers"] if answer["step"] == "alternatives"]
    assert report["answers"][: len(told)] == told
    assert told[-1]["text"].startswith("Recommended is ")
    changes = {
        f["step"]: f["interval"] for f in report["findings"] if f["metric"] == "equalized_odds_mean_change"
    }
    chosen = told[-1]["text"].removeprefix("Recommended is ").partition(":")[0]
    if chosen in changes:
        shown = changes[chosen]["high"] < 0
        assert told[-1]["text"].endswith(
            "the gap shrank is shown." if shown else "the gap shrank is not shown."
        )
        assert told[-1]["sure"] == ("shown" if shown else "not_shown")
    assert "after 1 repair" not in cli("report").out


def test_a_limit_is_chosen_on_validation_rows_and_answered_on_held_out_rows(cli, people):
    done = cli("repair", "people.csv", *WITH, *QUICK, "--limit", "demographic_parity <= 0.2", "--json")
    told = [answer["text"] for answer in done.report["answers"] if answer["step"] == "alternatives"]
    assert "on validation rows" in told[-1]
    assert "On held-out rows" in told[-1] or told[-1].startswith("Nothing is recommended")
    assert done.report["recipe"]["alternatives"]["limit"] == "demographic_parity <= 0.2"
    wrong = cli("repair", "people.csv", *WITH, "--limit", "parity <= 0.2")
    assert wrong.code == 2
    assert "there is no gap 'parity'" in wrong.err


def test_one_repair_with_a_limit_is_chosen_or_left(cli, people):
    done = cli(
        "repair",
        "people.csv",
        "--with",
        "reweigh",
        *WITH[2:],
        *QUICK,
        "--limit",
        "equalized_odds <= 0.6",
        "--json",
    )
    assert done.code == 0, done.err
    assert done.report["tables"][0]["columns"] == ["on held-out rows", "before", "reweigh"]


def test_a_notebook_gets_what_the_recommended_repair_made(people):
    report = auditkit.repair(
        people, steps=["thresholds", "dfr"], target="hired", favourable="yes", sensitive=["sex"], ignore=["person"],
        bootstrap=100, **{"dfr.draws": 2},
    )  # fmt: skip
    told = [answer.text for answer in report.answers if answer.step == "alternatives"][-1]
    found = re.match(r"Recommended is (thresholds|dfr): ", told)
    assert report.steps[2].params["draws"] == 2
    assert list(report.repaired)[:3] == ["row", "split", "pred"]
    if found is not None:
        assert report.repaired is report.results[found[1]]
    if found is not None:
        assert report.model is report.models[found[1]]
    else:
        with pytest.raises(auditkit.UsageError, match="this report holds no model"):
            report.model  # noqa: B018


def test_a_parameter_of_one_step_names_it(cli, people):
    done = cli("repair", "people.csv", *WITH, *QUICK, "--dfr.draws", "3", "--held-out", "0.5", "--json")
    params = {step["id"]: step["params"] for step in done.report["steps"]}
    assert params["dfr"]["draws"] == 3
    assert {params[name]["held_out"] for name in ("thresholds", "reweigh", "dfr")} == {0.5}
    assert done.report["recipe"]["alternatives"]["held_out"] == 0.5
    refused = cli("repair", "people.csv", *WITH, "--thresholds.draws", "3")
    assert refused.code == 2
    assert "No such option" in refused.err


@pytest.mark.slow
def test_the_recipe_of_alternatives_runs_again_to_the_same_findings(cli, people):
    first = cli("repair", "people.csv", *WITH, *QUICK, "--as-recipe", "r.yaml", "--json")
    again = cli("run", "r.yaml", "--json")
    assert again.code == 0, again.err
    for one, other in zip(first.report["findings"], again.report["findings"], strict=True):
        assert (one["step"], one["metric"], one["group"]) == (other["step"], other["metric"], other["group"])
        assert other["value"] == one["value"]
    shown = [
        [row for row in done.report["tables"][0]["rows"] if row[0] != "seconds"] for done in (first, again)
    ]
    assert shown[0] == shown[1]


def test_in_a_recipe_without_alternatives_repairs_follow_on_each_other(cli, people, tmp_path):
    (tmp_path / "chain.yaml").write_text(
        "name: chain\nversion: 1\ndata: {path: people.csv, target: hired, favourable: 'yes', sensitive: [sex]}\n"
        "stats: {bootstrap: 100}\nsteps:\n  - {id: reweigh, use: reweigh}\n  - {id: thresholds, use: thresholds}\n"
    )
    done = cli("run", "chain.yaml", "--json")
    assert done.code == 0, done.err
    stages = {(f["step"], f["stage"]) for f in done.report["findings"]}
    assert stages == {("reweigh", 0), ("reweigh", 1), ("thresholds", 1), ("thresholds", 2)}


def test_alternatives_of_anything_but_repairs_are_refused(cli, people, tmp_path):
    (tmp_path / "r.yaml").write_text(
        "name: r\nversion: 1\ndata: {path: people.csv, target: hired, favourable: 'yes', sensitive: [sex]}\n"
        "steps:\n  - {id: reweigh, use: reweigh}\n  - {id: rates, use: rates}\nalternatives: {}\n"
    )
    done = cli("run", "r.yaml")
    assert done.code == 2
    assert "alternatives are of repairs, and 'rates' is none" in done.err


@pytest.mark.parametrize("key", [[], ["--id", "person"]])
def test_the_recommended_predictions_are_audited_on_their_test_rows(cli, people, key):
    done = cli(
        "repair", "people.csv", *WITH, *QUICK, *key, "-o", "fixed.csv", "-o", "reweigh=r.csv", "--json"
    )
    assert done.code == 0, done.err
    table = pd.read_csv("fixed.csv")
    assert list(table.columns[:3]) == ["person" if key else "row", "split", "pred"]
    assert set(table["split"]) == {"train", "validation", "test"}
    assert "weight" in pd.read_csv("r.csv")
    audit = ["audit", "people.csv", "--target", "hired", "--favourable", "yes", "--groups", "sex", *key]
    shuffled = table.sample(frac=1, random_state=0)
    shuffled.to_csv("shuffled.csv", index=False)
    found = cli(*audit, "--pred", "shuffled.csv", "--metrics", "accuracy", "--json")
    assert found.code == 0, found.err
    test = (table["split"] == "test").to_numpy()
    whole = next(f for f in found.report["findings"] if not f["group"])
    assert whole["n"] == test.sum() == 600
    assert whole["value"] == pytest.approx((table["pred"] == people["hired"])[test].mean())
    assert any(
        "Audits measure the 600 of 2,000 rows that the repair's file calls test" in n
        for n in found.report["notes"]
    )
    every = cli(*audit, "--pred", "shuffled.csv", "--metrics", "accuracy", "--audited", "all", "--json")
    assert next(f for f in every.report["findings"] if not f["group"])["n"] == 2000


def test_a_predictions_file_of_other_rows_is_one_sentence(cli, people):
    table = pd.DataFrame({"row": range(2000), "split": "test", "pred": people["hired"]})
    audit = [
        "audit",
        "people.csv",
        "--target",
        "hired",
        "--favourable",
        "yes",
        "--groups",
        "sex",
        "--pred",
        "p.csv",
    ]
    table.iloc[:-3].to_csv("p.csv", index=False)
    assert "pred file p.csv has no prediction for 3 of 2,000 rows, such as 'row' 1997" in cli(*audit).err
    pd.concat([table, table.iloc[:1]]).to_csv("p.csv", index=False)
    assert "pred file p.csv names row '0' twice" in cli(*audit).err
    table.rename(columns={"row": "person"}).to_csv("p.csv", index=False)
    assert "pred file p.csv names its rows by 'person': name that column with --id" in cli(*audit).err
