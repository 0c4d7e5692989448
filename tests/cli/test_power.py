"""`auditkit power`: rows that each group needs, without a step and for a step that says nothing."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditkit.measures import rows_needed


def test_every_group_and_intersection_is_told_how_many_rows_it_needs(cli):
    done = cli("power", "adult", "--groups", "sex,race", "--gap", "0.05", "--json")
    assert done.code == 0, done.err
    table = json.loads(done.out)["tables"][0]
    rows = {row[0]: row for row in table["rows"]}
    assert table["columns"] == ["group", "rows", "needed: rates of all rows", "needed: tpr", "needed: fpr"]
    assert len(rows) == 2 + 5 + 10
    assert rows["sex=Female"][1] == 16192
    assert "sex=Female & race=Black" in rows
    alpha = 0.025 / 17
    assert rows["sex=Female"][2] == rows_needed(0.5, gap=0.05, rest_rows=32650, alpha=alpha, power=0.8)
    assert rows["sex=Female"][3] > rows["sex=Female"][4]  # few women earn above the line


def test_without_a_target_only_rates_of_all_rows_are_answered_for(cli, tmp_path):
    (tmp_path / "t.csv").write_text("g,x\n" + "a,1\nb,2\n" * 20)
    done = cli("power", "t.csv", "--groups", "g", "--correction", "none")
    assert done.code == 0, done.err
    assert "tpr" not in done.out
    assert "corrected" not in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["german_credit", "--gap", "1.5", "--groups", "sex"], 2, "must lie between 0 and 1"),
        (["no_such"], 4, "neither a file nor a data set"),
        (["adult", "--with", "rates"], 2, "rates does not say how many rows it needs"),
        (["adult", "--with", "rate"], 2, "did you mean 'rates'"),
        (["adult", "--groups", "sexx"], 4, "no column 'sexx'"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(cli, arguments, code, message):
    done = cli("power", *arguments)
    assert done.code == code
    assert message in done.err
    assert "Traceback" not in done.err


def test_without_groups_the_answer_is_to_name_some(cli, tmp_path):
    (tmp_path / "t.csv").write_text("g,x\na,1\nb,2\na,3\n")
    done = cli("power", "t.csv")
    assert done.code == 2
    assert "name columns with --groups" in done.err


RECIPE = """
version: 1
name: r
data: {path: t.csv, target: y, pred: p, favourable: 1}
groups: {g: {column: g, reference: a}}
stats: {max_order: 1}
steps: [{id: r, use: rates}, {id: later, use: rates, when: late}]
gates:
  - {id: gap, on: r, metric: tpr, limit: 0.10}
  - {id: level, on: r, metric: accuracy, compare: absolute, limit: 0.6}
  - {id: reference, on: r, metric: fpr, compare: to_reference, limit: 0.2}
  - {id: f1, on: r, metric: f1, limit: 0.3}
  - {id: parity, on: r, metric: demographic_parity, compare: difference, limit: 0.2}
  - {id: late, on: later, metric: tpr, limit: 0.10}
"""


@pytest.fixture
def recipe(tmp_path):
    """A table of 3,000, 900 and 40 rows, whose predictions are right in 8 of 10, and a recipe beside it."""
    rng = np.random.default_rng(0)
    truth = rng.integers(2, size=3940)
    groups = ["a"] * 3000 + ["b"] * 900 + ["c"] * 40
    right = rng.random(3940) < 0.8
    frame = pd.DataFrame({"g": groups, "y": truth, "p": np.where(right, truth, 1 - truth)})
    frame.to_csv(tmp_path / "t.csv", index=False)
    Path("r.yaml").write_text(RECIPE)
    return "r.yaml"


def told(cli, *words):
    done = cli("power", *words, "--json")
    assert done.code == 0, done.err
    return {table["title"].split("'")[1]: table for table in done.report["tables"]}, done.report["notes"]


def test_a_recipes_gates_are_told_their_rows_group_by_group(cli, recipe):
    tables, notes = told(cli, recipe)
    assert list(tables) == ["gap", "level", "reference", "f1"]
    rows = {row[0]: row for row in tables["gap"]["rows"]}
    assert [rows[name][1] for name in ("g=a", "g=b", "g=c")] == [3000, 900, 40]
    assert [rows[name][-1] for name in ("g=a", "g=b", "g=c")] == ["yes", "yes", "no"]
    assert 0.1 < rows["g=b"][4] < 0.2
    assert [row[0] for row in tables["level"]["rows"]] == ["all rows", "g=a", "g=b", "g=c"]
    assert [row[0] for row in tables["reference"]["rows"]] == ["g=b", "g=c"]
    assert any("gate 'late' will not run" in note for note in notes)
    assert any("gate 'parity': rows are told for values and for gaps" in note for note in notes)


def test_a_recipe_is_named_by_an_option_too_and_changed_by_set(cli, recipe):
    first, _ = told(cli, "--recipe", recipe)
    assert first == told(cli, recipe)[0]
    wider, _ = told(cli, recipe, "--set", "gates.gap.limit=0.2", "--when", "late", "--gap", "0.4")
    assert set(wider) - set(first) == {"late"}
    assert wider["gap"]["columns"][2:4] == ["to hold, true gap 0", "to break, true gap 0.4"]
    assert wider["gap"]["rows"][1][2] < first["gap"]["rows"][1][2]


def test_enough_now_is_what_a_run_then_shows(cli, recipe):
    """The groups that are told to have enough rows are within the limit, for no group is harmed here."""
    tables, _ = told(cli, recipe)
    ran = cli("run", recipe, "--json").report
    (gate,) = [gate for gate in ran["gates"] if gate["id"] == "gap"]
    within = {one["group"] for one in gate["comparisons"] if one["within"]}
    assert {row[0] for row in tables["gap"]["rows"] if row[-1] == "yes"} <= within


def test_the_text_names_the_gap_that_is_never_found(cli, recipe):
    done = cli("power", recipe, "--gap", "0.1")
    assert done.code == 0, done.err
    assert "Rows that gate 'gap' needs: tpr, gap to the rest, limit 0.1" in done.out
    assert "A true gap of 0.1 is not beyond 0.1: it is found by chance alone" in done.out


def test_a_recipe_without_gates_is_told_the_rows_of_its_rates(cli, tmp_path):
    (tmp_path / "r.yaml").write_text(
        "name: r\ndata: {path: german_credit}\ngroups: {sex: {column: sex}}\nsteps: [{id: r, use: rates}]\n"
    )
    done = cli("power", "r.yaml", "--json")
    assert [table["title"] for table in done.report["tables"]] == ["Rows that each group needs"]


def test_a_gate_of_a_step_that_says_nothing_is_a_sentence(cli, tmp_path):
    (tmp_path / "r.yaml").write_text(
        "name: r\ndata: {path: german_credit}\nsteps: [{id: m, use: minoria}]\n"
        "gates: [{id: g, on: m, metric: loss_gap, compare: absolute, limit: 0.5}]\n"
    )
    done = cli("power", "r.yaml")
    assert done.code == 0, done.err
    assert "Gate 'g': minoria does not say how many rows loss_gap needs." in done.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["r.yaml", "--gap", "-1"], "--gap -1 must lie above 0"),
        (["r.yaml", "--groups", "g"], "--groups stands beside a recipe"),
        (["r.yaml", "--min-n", "50"], "--min-n stands beside a recipe"),
        (["r.yaml", "--with", "rates"], "--with stands beside a recipe"),
        (["t.csv", "--recipe", "r.yaml"], "DATA stands beside a recipe"),
        (["t.csv", "--when", "late"], "--when needs a recipe"),
        (["t.csv", "--set", "name=x"], "--set needs a recipe"),
        (["r.yaml", "--when", "never"], "--when never: no step waits for it"),
        (["r.yaml", "--set", "gates.gap.metric=tprr"], "r.yaml:9:22: gate 'gap': rates has no metric 'tprr'"),
        (["--recipe", "adlut"], "there is no recipe 'adlut'; did you mean 'adult'"),
        ([], "name the data, or a recipe"),
    ],
)
def test_what_does_not_go_with_a_recipe_is_one_sentence(cli, recipe, words, message):
    done = cli("power", *words)
    assert done.code == 2
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert done.out == ""


def test_power_checks_what_a_run_would_check(cli, recipe):
    Path("r.yaml").write_text(RECIPE.replace("pred: p", "pred: q"))
    run, power = cli("run", recipe), cli("power", recipe)
    assert (power.code, power.err) == (run.code, run.err)


def test_a_group_that_is_named_by_a_condition_is_told_its_rows(cli, recipe):
    Path("groups.yaml").write_text("groups: {few: {where: 'g == \"c\"'}, none: {where: 'y > 5'}}")
    done = cli("power", "t.csv", "--groups", "groups.yaml", "--json")
    assert done.code == 0, done.err
    rows = {row[0]: row[1:] for row in done.report["tables"][0]["rows"]}
    assert [rows["few"][0], rows["none"][0]] == [40, 0]
    assert rows["few"][1] == rows_needed(0.5, gap=0.1, rest_rows=3900, alpha=0.0125, power=0.8)


def test_an_error_in_the_targets_own_units_is_planned_in_them(cli, tmp_path):
    rng = np.random.default_rng(0)
    truth = rng.normal(50, 10, size=900)
    frame = pd.DataFrame({"g": ["a", "b", "c"] * 300, "y": truth, "p": truth + rng.normal(0, 4, size=900)})
    frame.to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "r.yaml").write_text(
        "name: r\ndata: {path: t.csv, target: y, pred: p}\ngroups: {g: {column: g}}\n"
        "steps: [{id: r, use: rates}]\n"
        "gates: [{id: level, on: r, metric: mae, compare: absolute, limit: 5}, {id: gap, on: r, metric: mae, limit: 1}]\n"
    )
    tables, _ = told(cli, "r.yaml")
    assert tables["level"]["columns"][2:4] == ["to hold, true value 0", "to break, true value 10"]
    assert tables["gap"]["columns"][2:4] == ["to hold, true gap 0", "to break, true gap 2"]
    assert {row[-1] for row in tables["gap"]["rows"]} == {"yes"}
    wider, _ = told(cli, "r.yaml", "--gap", "1.5")
    assert wider["gap"]["rows"][0][3] > tables["gap"]["rows"][0][3]
