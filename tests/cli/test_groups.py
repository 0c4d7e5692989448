"""Groups that were mined become groups that are audited, gated and saved again."""

import json
import re
import time

import numpy as np
import pandas as pd
import pytest
import yaml
from plugins.minoria.seeded import minoria_md

from auditkit.cli.app import run


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A data.csv in the current folder, in which a planted group is mispredicted, and a new.csv like it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITKIT_HOME", str(tmp_path / "home"))
    for name, seed in (("data", 0), ("new", 0)):
        points, label, minority, _ = minoria_md(3000, 4, seed)
        rng = np.random.default_rng(5 if name == "data" else 6)
        wrong = rng.random(3000) < np.where(minority == 1, 0.8, 0.1)
        frame = pd.DataFrame(points, columns=["height", "b c", "x`y", "d"])
        frame["kind"] = rng.choice(["u", "v"], size=3000)
        frame["label"], frame["guess"] = label, np.where(wrong, 1 - label, label)
        frame.to_csv(f"{name}.csv", index=False)
    return tmp_path


OPTIONS = ("--target", "label", "--positive", "1", "--pred", "guess")


def mined(*more):
    return run(["mine", "data.csv", *OPTIONS, *more])


def test_mined_groups_are_saved_audited_on_new_rows_and_gated(table, capsys):
    assert mined("--save-groups", "groups.yaml") == 0
    saved = yaml.safe_load((table / "groups.yaml").read_text())
    assert saved["version"] == 1
    assert "wrote groups.yaml: " in capsys.readouterr().err
    name = next(iter(saved["groups"]))
    assert run(["audit", "new.csv", *OPTIONS, "--groups", "groups.yaml,kind", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    gaps = [f for f in report["findings"] if f["metric"] == "accuracy" and f["compare"] == "to_rest"]
    gap = next(f for f in gaps if f["group"] == name)
    assert gap["interval"]["high"] < 0
    assert {"kind=u", "kind=v"} <= {f["group"] for f in report["findings"]}
    assert next(g for g in report["groups"] if g["name"] == name)["rule"] == saved["groups"][name]["rule"]
    assert gap["n"] == next(g["n"] for g in report["groups"] if g["name"] == name)


@pytest.mark.parametrize(
    "groups", ["groups: groups.yaml", "groups: {kind: {column: kind}, mined: groups.yaml}"]
)
def test_a_recipe_reads_the_file_and_a_gate_fails_on_the_group(table, groups, capsys):
    mined("--save-groups", "groups.yaml")
    (table / "gate.yaml").write_text(
        f"""
version: 1
name: gate
data: {{path: new.csv, target: label, pred: guess}}
{groups}
steps: [{{id: rates, use: rates}}]
gates:
  - {{id: worse, on: rates, metric: accuracy, compare: to_rest, fail_if: "lower_bound > 0.05"}}
"""
    )
    capsys.readouterr()
    assert run(["run", "gate.yaml", "--json"]) == 1
    gate = json.loads(capsys.readouterr().out)["gates"][0]
    assert gate["outcome"] == "fail"
    assert gate["comparisons"][0]["group"].startswith("minoria-")


def test_a_run_written_as_a_recipe_gives_the_same_findings(table, capsys):
    mined("--save-groups", "groups.yaml")
    (table / "sub").mkdir()
    capsys.readouterr()
    options = ("--groups", "groups.yaml,kind", "--tail", "0.04", "--as-recipe", "sub/r.yaml", "--json")
    assert mined(*options) == 0
    first = json.loads(capsys.readouterr().out)
    assert run(["run", "sub/r.yaml", "--json"]) == 0
    second = json.loads(capsys.readouterr().out)
    assert first["findings"] == second["findings"]
    assert first["groups"] == second["groups"]


def test_new_groups_do_not_take_the_names_of_those_given(table, capsys):
    mined("--save-groups", "groups.yaml")
    capsys.readouterr()
    mined("--groups", "groups.yaml", "--json")
    names = [group["name"] for group in json.loads(capsys.readouterr().out)["groups"]]
    assert len(names) == len(set(names)) > 1


def test_the_option_is_for_mine_alone_and_the_file_must_be_one_that_groups_reads(table, capsys):
    assert run(["audit", "data.csv", *OPTIONS, "--save-groups", "g.yaml"]) == 2
    assert mined("--save-groups", "g.json") == 2
    assert "must end in .yaml or .yml" in capsys.readouterr().err
    assert mined("--save-groups", "data.csv/g.yaml") == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "groups: {a: {where: \"__import__('os').system('true')\"}}",
            "group 'a', where: a name with two under",
        ),
        ("groups: {a: {where: \"height.to_csv('stolen')\"}}", r"to_csv\(\) is no method"),
        ('groups: {a: {where: "@pd.io"}}', "@ may only stand in"),
        ('groups: {a: {where: "heigth > 1"}}', "no column 'heigth'; did you mean 'height'"),
        ("groups: {a: {where: height > 1, bins: [0, 1]}}", "has bins but no column"),
        ("groups: {a: {where: height > 1, column: kind}}", "both a column and a condition"),
        ("groups: {a: {rule: tall}}", "neither a column nor a condition"),
        ("groups: {a: {were: height > 1}}", "unknown key 'were' in groups.a; did you mean 'where'"),
        ("groups: {}", "names no group"),
        ("[1]", "has the keys version and groups"),
        ("groups: {a: !!python/object/apply:os.system [true]}", "python/object"),
    ],
)
def test_a_hostile_or_wrong_file_of_groups_ends_in_one_sentence(table, capsys, text, message):
    (table / "g.yaml").write_text(text)
    assert run(["audit", "data.csv", *OPTIONS, "--groups", "g.yaml"]) in {2, 4}
    captured = capsys.readouterr()
    assert len(captured.err.strip().splitlines()) == 1
    assert re.search(message, captured.err)
    assert not (table / "stolen").exists()


def test_a_group_without_rows_is_insufficient_evidence(table, capsys):
    (table / "g.yaml").write_text("groups: {giants: {where: height > 1000}}")
    assert run(["audit", "data.csv", *OPTIONS, "--groups", "g.yaml", "--json"]) == 0
    findings = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["group"] == "giants"]
    assert findings
    assert all(f["value"] is None and f["reason"] for f in findings)


def test_a_missing_file_of_groups_is_named(table, capsys):
    assert run(["audit", "data.csv", *OPTIONS, "--groups", "none.yaml"]) == 2
    assert "none.yaml" in capsys.readouterr().err
    (table / "r.yaml").write_text(
        "name: r\ndata: {path: data.csv}\ngroups: none.yaml\nsteps: [{id: r, use: rates}]"
    )
    assert run(["run", "r.yaml"]) == 2
    assert "there is no file 'none.yaml' beside the recipe" in capsys.readouterr().err


def test_a_reference_group_is_named_by_its_attribute_and_may_hold_commas(cli, tmp_path):
    rows = [(s, r, p) for s in "FM" for r in ("a", "b, c") for p in (0, 1) for _ in range(40)]
    pd.DataFrame(rows, columns=["sex", "race", "p"]).to_csv(tmp_path / "t.csv", index=False)
    words = ("audit", "t.csv", "--outcome", "p", "--favourable", "1", "--groups", "sex,race")
    report = json.loads(cli(*words, "--reference-group", "sex=M,race=b, c", "--json").out)
    beside = {f["group"] for f in report["findings"] if f["compare"] == "to_reference"}
    assert {"sex=F", "race=a", "sex=F & race=a"} <= beside
    assert not beside & {"sex=M", "race=b, c"}
    for wrong, said in (("sx=M", "did you mean 'sex'"), ("sex=X", "X"), ("sex=M,sex=F", "two references")):
        done = cli(*words, "--reference-group", wrong)
        assert (done.code in {2, 4}, said in done.err) == (True, True), done.err


@pytest.mark.slow
def test_three_times_as_many_groups_of_a_file_take_about_three_times_as_long(table, capsys):
    """Of a quadratic search it would be nine times; CPU time, in one process that has loaded everything before."""
    rng = np.random.default_rng(0)
    rows = {name: rng.integers(0, top, 9000) for name, top in (("x", 900), ("y", 2), ("p", 2))}
    pd.DataFrame(rows).to_csv(table / "many.csv", index=False)
    taken = {}
    for count in (20, 300, 900):
        groups = "".join(f"  g{i}: {{where: 'x == {i}'}}\n" for i in range(count))
        (table / "many.yaml").write_text(f"groups:\n{groups}")
        begun = time.process_time()
        words = "audit many.csv --target y --pred p --favourable 1 --groups many.yaml --quiet"
        assert run(words.split()) == 0
        taken[count] = time.process_time() - begun
    assert taken[900] < 5.5 * taken[300], taken
