"""The recipes of the paper's settings run on tiny made-up copies of the layouts, the drawings as they stand."""

import json

import pytest
from layouts import make_celeba, make_utkface

from auditkit.cli.app import run

TINY = ("encoder=conv", "image_size=16", "epochs=1", "runs=1", "k=2", "ground_set=1.0", "learning_rate=0.01")


def recipe(capfd, name, *changes):
    words = ["run", name, "--json"]
    for change in (*(f"steps.retrain.with.{one}" for one in TINY), *changes):
        words += ["--set", change]
    capfd.readouterr()
    code = run(words)
    caught = capfd.readouterr()
    return code, caught


def report_of(capfd, name, *changes):
    code, caught = recipe(capfd, name, *changes)
    assert code in {0, 1, 5}, caught.err
    return json.loads(caught.out)


@pytest.fixture(autouse=True)
def of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("CELEBA", str(make_celeba(tmp_path / "celeba", n=240)))
    monkeypatch.setenv("UTKFACE", str(make_utkface(tmp_path / "utkface", n=200)))


def groups_of(report, metric="equalized_odds_mean"):
    return {f["group"] for f in report["findings"] if f["metric"] == metric}


@pytest.mark.parametrize(
    ("changes", "group"),
    [
        ((), "Male"),
        (("data.target=Big_Nose", "data.sensitive=[Young]"), "Young"),
        (("data.sensitive=[Male,Young]",), "Male × Young"),
        (("steps.retrain.with.target_pair=Big_Nose",), "Male [yes & no]"),
    ],
)
def test_celeba_with_the_papers_targets_and_groups(capfd, changes, group):
    assert group in groups_of(report_of(capfd, "shasam-celeba", *changes))


@pytest.mark.slow
def test_celebas_grid_and_budgets_compare_methods(capfd):
    for name, count, one in (
        ("shasam-celeba-grid", 9, "loss=logdetcmi mining=random"),
        ("shasam-celeba-budgets", 3, "k=8"),
    ):
        report = report_of(capfd, name)
        (table,) = report["tables"]
        names = [row[0] for row in table["rows"]]
        assert names[:2] == ["before", "after"]
        assert one in names
        assert len(names) == 2 + count


@pytest.mark.parametrize("imbalance", [2, 3, 4])
def test_utkface_with_planted_imbalance(capfd, imbalance):
    report = report_of(capfd, "shasam-utkface", f"steps.retrain.with.imbalance={imbalance}")
    assert groups_of(report) == {"race"}
    assert {f["group"] for f in report["findings"] if f["metric"] == "tpr"} == {
        "race=White",
        "race=not White",
    }
    assert any(f"one class {imbalance} times as often" in note for note in report["notes"])


def test_utkface_with_age_under_35_or_not(capfd):
    changes = ("data.sensitive=[age]", "steps.retrain.with.versus=null")
    report = report_of(capfd, "shasam-utkface", *changes)
    assert groups_of(report) == {"age"}
    assert len([f for f in report["findings"] if f["metric"] == "tpr"]) == 4


@pytest.mark.slow
def test_the_drawings_run_as_they_stand(capfd):
    report = report_of(capfd, "shasam-shapes", "data.path=shapes:300,4", "steps.retrain.with.compare=[]")
    assert groups_of(report) == {"background"}


@pytest.mark.slow
@pytest.mark.parametrize("sensitive", ["[race]", "[sex,race]"])
def test_adult_by_race_and_by_both(capfd, sensitive):
    plain = (f"steps.retrain.with.{one}" for one in ("encoder=mlp", "loss=ce", "k=64"))
    groups = groups_of(report_of(capfd, "shasam-adult", f"data.sensitive={sensitive}", *plain))
    assert "race" in groups
    assert ("sex × race" in groups) == (sensitive == "[sex,race]")


def test_a_layout_that_is_not_there_is_named(capfd, monkeypatch):
    monkeypatch.delenv("CELEBA")
    code, caught = recipe(capfd, "shasam-celeba")
    assert code == 2
    assert "CELEBA" in caught.err
