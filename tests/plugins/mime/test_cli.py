"""The audit by the command line: its interface, its findings, its pictures, and going on after an interrupt."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from plugins.mime import seeded

from auditkit.cli import execute
from auditkit.testing import check_step
from auditkit_mime.metrics import METRICS
from auditkit_mime.steps import Mime, MimeTheory

pytestmark = pytest.mark.slow

SMALL = [
    "--group",
    "g",
    "--target",
    "y",
    "--train-size",
    "100",
    "--test-size",
    "60",
    "--betas",
    "0,0.5,1",
    "--trials",
    "3",
]


@pytest.fixture
def made(tmp_path):
    seeded.table(0, distances=(2.5, 1.5), n=3000, columns=4).to_csv(tmp_path / "made.csv", index=False)
    return "made.csv"


def test_the_declarations_keep_the_contract_of_steps():
    check_step(Mime)
    check_step(MimeTheory)


def test_adult_runs_as_the_documentation_says(cli):
    done = cli(
        "audit",
        "adult",
        "--with",
        "mime",
        "--group",
        "sex",
        "--minority",
        "Female",
        "--target",
        "income",
        "--epochs",
        "2",
        "--betas",
        "0,0.5,1",
        "--trials",
        "2",
        "--train-size",
        "600",
        "--json",
    )
    assert done.code == 0, done.err
    found = {f["metric"] for f in done.findings}
    assert found == {metric.name for metric in METRICS}
    assert "sex = Female is called the minority because --minority says so" in done.notes
    assert "16,192 rows in adult against 32,650 of Male" in done.notes
    curve = [f for f in done.findings if f["metric"] == "accuracy" and f["group"] == "majority"]
    assert [f["details"]["beta"] for f in curve] == [0, 0.5, 1]
    for finding in curve:
        assert len(finding["details"]["trials"]) == 2
        assert finding["value"] == pytest.approx(np.mean(finding["details"]["trials"]))
        assert finding["interval"]["low"] <= finding["value"] <= finding["interval"]["high"]
    gain = next(f for f in done.findings if f["metric"] == "gain")
    assert gain["interval"]["low"] >= 0
    assert gain["details"]["verdict"] in {"effect shown", "no effect shown"}


def test_the_same_seed_gives_the_same_findings_and_another_seed_others(cli, made):
    runs = [
        cli("audit", made, "--with", "mime", *SMALL, "--epochs", "2", "--seed", seed, "--json").findings
        for seed in ("1", "1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_without_a_name_the_smallest_group_is_the_minority(cli, made):
    done = cli("audit", made, "--with", "mime", *SMALL, "--model", "logistic", "--json")
    assert done.code == 0, done.err
    assert "g = few is called the minority: it is the smallest group" in done.notes
    assert "models read 4 columns as 4 inputs: x0, x1, x2, x3; column of the group left out" in done.notes
    swapped = cli(
        "audit", made, "--with", "mime", *SMALL, "--model", "logistic", "--minority", "many", "--json"
    )
    assert (
        "g = many is called the minority because --minority says so, although it is not the smaller"
        in swapped.notes
    )


def test_identifiers_and_times_are_no_input(cli, tmp_path):
    frame = seeded.table(3, distances=(2, 2), n=1500, columns=3)
    frame["person_id"] = np.random.default_rng(0).permutation(len(frame))
    frame["seen"] = pd.date_range("2020-01-01", periods=len(frame), freq="h").strftime("%Y-%m-%d %H:%M")
    frame.to_csv(tmp_path / "t.csv", index=False)
    done = cli("audit", "t.csv", "--with", "mime", *SMALL, "--model", "logistic", "--json")
    assert "models read 3 columns as 3 inputs: x0, x1, x2" in done.notes


def test_it_is_told_beforehand_what_the_rows_can_show(cli, made):
    done = cli("audit", made, "--with", "mime", *SMALL, "--model", "logistic", "--json")
    assert "3 trials show a gain of about " in done.notes
    assert "9 models, about a second of training" in done.notes
    assert "many & few" not in done.notes
    (table,) = [one for one in done.report["tables"] if one["title"].startswith("Accuracy of many and few")]
    assert table["columns"][:4] == ["share of few", "many", "few", "both"]
    assert [row[0] for row in table["rows"]] == [0, 0.5, 1]


def test_rows_that_can_show_nothing_useful_are_refused_with_what_would_do(cli, tmp_path):
    seeded.table(1, distances=(2, 2), n=99, columns=3).to_csv(tmp_path / "t.csv", index=False)
    done = cli("audit", "t.csv", "--with", "mime", "--group", "g", "--target", "y")
    assert done.code == 4
    assert "nothing useful can be shown: with " in done.err
    assert "whatever the trials; 'few' has" in done.err
    assert "would do" in done.err


def test_power_says_the_smallest_gain_and_the_trials_that_one_takes(cli, made):
    done = cli("power", made, "--with", "mime", *SMALL, "--gap", "0.05", "--json")
    (table,) = json.loads(done.out)["tables"]
    row = dict(zip(table["columns"], table["rows"][0], strict=True))
    assert (row["majority"], row["minority"], row["train rows"]) == ("many", "few", 100)
    assert row["points with 3 trials"] > row["points with any number"] > 0.1
    assert 3 < row["trials for 5 points"] < 100
    few = cli("power", made, "--with", "mime", *SMALL, "--gap", "0.001", "--json")
    assert json.loads(few.out)["tables"][0]["rows"][0][6] is None
    assert cli("power", made, "--with", "mime", *SMALL).code == 0


def test_best_test_is_marked_and_flatters(cli, made):
    plain = cli("audit", made, "--with", "mime", *SMALL, "--epochs", "8", "--json")
    best = cli("audit", made, "--with", "mime", *SMALL, "--epochs", "8", "--selection", "best-test", "--json")
    assert "repeats the paper" in best.notes
    assert "repeats the paper" not in plain.notes
    assert all(f["details"]["selection"] == "best-test" for f in best.findings)
    assert np.all(np.array(best.values("accuracy", "majority")) >= plain.values("accuracy", "majority"))


def test_hard_mining_is_combined_with_the_sweep(cli, made):
    plain = cli("audit", made, "--with", "mime", *SMALL, "--epochs", "3", "--json")
    hard = cli("audit", made, "--with", "mime", *SMALL, "--epochs", "3", "--hard-mining", "--json")
    assert hard.code == 0, hard.err
    assert "hard mining keeps the 6 least confident rows" in hard.notes
    assert hard.values("accuracy") != plain.values("accuracy")


@pytest.mark.parametrize("against", ["rest", "each"])
def test_three_groups_and_three_classes(cli, tmp_path, against):
    frame = seeded.table(0, distances=(2.5, 1.5), n=3000, columns=4)
    r = np.random.default_rng(0)
    frame["g"] = np.where(frame["g"] == "few", "few", r.choice(["a", "b"], size=len(frame)))
    frame["y"] = np.where(r.random(len(frame)) < 0.3, "perhaps", frame["y"])
    frame.to_csv(tmp_path / "three.csv", index=False)
    done = cli(
        "audit",
        "three.csv",
        "--with",
        "mime",
        *SMALL,
        "--minority",
        "few",
        "--against",
        against,
        "--model",
        "logistic",
        "--json",
    )
    assert done.code == 0, done.err
    groups = {f["group"] for f in done.findings if f["metric"] == "gain"}
    assert groups == ({"majority"} if against == "rest" else {"majority [a]", "majority [b]"})
    classes = {f["details"]["class"] for f in done.findings if f["metric"] == "chi_square"}
    assert classes == {"no", "not no"}


def test_embeddings_are_read_in_place_of_the_table(cli, tmp_path, made):
    r = np.random.default_rng(0)
    np.save(tmp_path / "e.npy", r.normal(size=(3000, 7)).astype(np.float32))
    done = cli("audit", made, "--with", "mime", *SMALL, "--epochs", "1", "--embeddings", "e.npy", "--json")
    assert done.code == 0, done.err
    assert "embeddings of 7 dimensions" in done.notes


def test_a_scikit_learn_classifier_by_name(cli, made):
    done = cli("audit", made, "--with", "mime", *SMALL, "--model", "GaussianNB", "--json")
    assert done.code == 0, done.err
    reason = next(f["reason"] for f in done.findings if f["metric"] == "domain_gap")
    assert reason == "GaussianNB has no last linear layer to project on"
    scored = cli("audit", made, "--with", "mime", *SMALL, "--model", "LinearDiscriminantAnalysis", "--json")
    assert 0 < scored.values("overlap", "majority")[0] < 1


def test_html_and_terminal_show_the_pictures(cli, made):
    done = cli("audit", made, "--with", "mime", *SMALL, "--epochs", "1", "-v", "-o", "report.html")
    assert done.code == 0, done.err
    page = Path("report.html").read_text(encoding="utf-8")
    for title in (
        "Accuracy against the share of few",
        "Single trials of many",
        "Projected feature of the minority",
    ):
        assert title in page
    assert "Accuracy against the share of few" in done.out


class Stopping(execute.Progress):
    """Progress that ends as Ctrl-C would, after some items."""

    def track(self, items, description):
        for i, item in enumerate(items):
            if i == 3:
                raise KeyboardInterrupt
            yield item


@pytest.mark.parametrize("model", ["mlp", "GaussianNB"])
def test_an_interrupted_run_goes_on_with_resume_and_finds_the_same(cli, made, monkeypatch, model):
    command = ("audit", made, "--with", "mime", *SMALL, "--epochs", "8", "--model", model, "--json")
    whole = cli(*command)
    with monkeypatch.context() as patched:
        patched.setattr(execute, "Progress", Stopping)
        assert cli(*command).code == 130
        assert cli(*command, "--resume").code == 130  # three epochs, or one model, further
    again = cli(*command, "--resume")
    assert again.code == 0, again.err
    assert again.findings == whole.findings


def test_theory_confirms_the_closed_forms(cli, tmp_path):
    pd.DataFrame({"a": [1, 2, 3, 4]}).to_csv(tmp_path / "any.csv", index=False)
    done = cli("audit", "any.csv", "--with", "mime.theory", "--rows", "400000", "--json")
    assert done.code == 0, done.err
    assert [f["metric"] for f in done.findings] == ["theorem_1", "theorem_2", "theorem_3"]
    assert all(f["details"]["confirms"] and f["details"]["foretells_gain"] for f in done.findings)
    far = cli("audit", "any.csv", "--with", "mime.theory", "--rows", "400000", "--gap", "0.09", "--json")
    assert [f["details"]["foretells_gain"] for f in far.findings[:2]] == [True, False]
    lop = cli(
        "audit", "any.csv", "--with", "mime.theory", "--rows", "400000", "--minority-prior", "0.4", "--json"
    )
    assert all(f["details"]["confirms"] for f in lop.findings)


def test_recipes_with_the_audit_are_good(cli):
    assert cli("run", "mime-adult", "--dry-run").code == 0
    assert json.loads(cli("schema").out)
