"""Every bundled recipe runs, on bundled data or on a tiny made-up copy of the file it names; so does every search."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml

import auditkit_minoria
from auditkit.cli.app import run
from auditkit.data.bundled.sets import ADULT

pytestmark = pytest.mark.slow

ROWS = 900
PLANE, SPACE = "education-num,hours-per-week", "education-num,hours-per-week,capital-gain"
NEEDS = {"minoria.sweep": PLANE, "minoria.warmup": PLANE, "minoria.sweep3d": SPACE}
SEARCHES = [finder.name for finder in auditkit_minoria.auditkit_finders()]


def numbers(rng, names, high=10):
    return {name: rng.integers(0, high, size=ROWS) for name in names}


def compas(rng):
    return pd.DataFrame(
        numbers(rng, ["juv_fel_count", "juv_misd_count", "juv_other_count", "priors_count", "decile_score"])
        | {"age": rng.integers(18, 70, size=ROWS), "c_charge_degree": rng.choice(["F", "M"], size=ROWS),
           "race": rng.choice(["African-American", "Caucasian", "Other"], size=ROWS), "name": "A. Person",
           "sex": rng.choice(["Male", "Female"], size=ROWS), "two_year_recid": rng.integers(0, 2, size=ROWS),
           "score_text": rng.choice(["Low", "Medium", "High"], size=ROWS)}
    )  # fmt: skip


def diabetes(rng):
    names = ["time_in_hospital", "num_lab_procedures", "num_procedures", "num_medications", "number_outpatient",
             "number_emergency", "number_inpatient", "number_diagnoses"]  # fmt: skip
    return pd.DataFrame(
        numbers(rng, names, 30)
        | {name: rng.choice(["No", "Up", "Steady"], size=ROWS) for name in ("A1Cresult", "insulin", "change", "diabetesMed")}
        | {"race": rng.choice(["Caucasian", "AfricanAmerican", "?"], size=ROWS), "gender": rng.choice(["Female", "Male"], size=ROWS), "age": rng.choice(["[50-60)", "[60-70)"], size=ROWS),
           "readmitted": rng.choice(["NO", ">30", "<30"], size=ROWS)}
    )  # fmt: skip


def stops(rng):
    return pd.DataFrame(
        {"lat": 44.9 + 0.1 * rng.random(ROWS) ** 3, "long": -93.3 + 0.1 * rng.random(ROWS),
         "problem": rng.choice(["traffic", "suspicious"], size=ROWS), "policePrecinct": rng.integers(1, 6, size=ROWS), "gender": rng.choice(["Male", "Female"], size=ROWS),
         "race": rng.choice(["Black", "White", None], size=ROWS)}
    )  # fmt: skip


def admissions(rng):
    score = rng.normal(size=ROWS)
    return pd.DataFrame(
        {"Serial No.": np.arange(ROWS), "GRE Score": (316 + 11 * score).round(), "CGPA": 8.6 + 0.6 * score + 0.2 * rng.normal(size=ROWS),
         "University Rating": rng.integers(1, 6, size=ROWS), "Chance of Admit": 0.7 + 0.1 * score + 0.05 * rng.normal(size=ROWS) ** 2}
    )  # fmt: skip


def chicago(rng):
    return pd.DataFrame(
        {"Latitude": 41.8 + 0.1 * rng.random(ROWS) ** 3, "Longitude": -87.7 + 0.1 * rng.random(ROWS), "Arrest": rng.choice(["true", "false"], size=ROWS),
         "Primary Type": rng.choice(["THEFT", "BATTERY"], size=ROWS), "Domestic": rng.choice(["true", "false"], size=ROWS), "District": rng.integers(1, 25, size=ROWS)}
    )  # fmt: skip


def college(rng):
    score = rng.normal(size=ROWS)
    return pd.DataFrame(
        {"admit": rng.integers(0, 2, size=ROWS), "gre": (590 + 110 * score).round(), "gpa": 3.4 + 0.4 * score + 0.2 * rng.exponential(size=ROWS),
         "ses": rng.integers(1, 4, size=ROWS), "Gender_Male": rng.integers(0, 2, size=ROWS), "Race": rng.integers(1, 4, size=ROWS), "rank": rng.integers(1, 5, size=ROWS)}
    )  # fmt: skip


@pytest.mark.parametrize("recipe", [compas, diabetes, stops, admissions], ids=lambda made: made.__name__)
def test_a_recipe_runs_on_a_file_like_the_one_it_names(recipe, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    recipe(np.random.default_rng(0)).to_csv("brought.csv", index=False)
    place = f"data.path={tmp_path / 'brought.csv'}"
    assert run(["run", f"minoria-{recipe.__name__}", "--set", place, "--json", "--exit-zero"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {"skew", "loss_gap"} <= {finding["metric"] for finding in report["findings"]}


@pytest.mark.parametrize(
    ("recipe", "title"),
    [(compas, "figure 5(b)"), (diabetes, "figure 5(c)"), (stops, "table 1"), (chicago, "table 1"), (college, "table 3")],
    ids=lambda given: getattr(given, "__name__", ""),
)  # fmt: skip
def test_a_recipe_prints_the_papers_numbers_beside_those_of_the_file_brought(
    recipe, title, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    recipe(np.random.default_rng(0)).to_csv("brought.csv", index=False)
    settings = ["--set", f"data.path={tmp_path / 'brought.csv'}"]
    if title == "table 1":  # 1,000 rows to mine are more than there are
        settings += ["--set", "steps.hidden.with.confirm_share=0.5"]
    assert run(["run", f"reproduce-minoria-{recipe.__name__}", *settings, "--json", "--exit-zero"]) == 0
    tables = json.loads(capsys.readouterr().out)["tables"]
    (table,) = [one for one in tables if one["title"].startswith(f"The paper's {title} ")]
    here = [row[-1] for row in table["rows"]]
    assert any(value is not None for value in here)


@pytest.fixture(scope="module")
def adult(tmp_path_factory):
    """Two thousand rows of Adult in a file, read like any other table."""
    path = tmp_path_factory.mktemp("adult") / "adult.parquet"
    table = pd.read_parquet(ADULT.path)
    table.iloc[np.random.default_rng(0).permutation(len(table))[:2000]].to_parquet(path)
    return path


def checked(report, search):
    metrics = {finding["metric"] for finding in report["findings"]}
    assert "loss_gap" in metrics
    assert search in {"minoria", "minoria.kmeans", "minoria.slices"} or "skew" in metrics
    shown = next(table for table in report["tables"] if table["title"].startswith("Reveal: sex"))
    assert {"Male", "Female"} <= {row[2] for row in shown["rows"]}
    assert not any("sex" in str(finding["details"].get("direction", "")) for finding in report["findings"])
    assert any(chart["title"].startswith("sex among the worst rows") for chart in report["charts"])


@pytest.mark.parametrize("search", SEARCHES)
def test_every_search_runs_by_command_and_by_recipe_and_reveals_a_column(
    search, adult, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    columns = NEEDS.get(search, "age,education,education-num,hours-per-week,capital-gain,workclass")
    options = [
        "--target",
        "income",
        "--favourable",
        ">50K",
        "--split",
        "split",
        "--ignore",
        "race,fnlwgt,native-country",
        "--reveal",
        "sex",
    ]
    given = ["mine", str(adult), "--with", search, "--columns", columns, "--tail", "0.1", *options]
    assert run([*given, "--tau", "-1", "--as-recipe", "r.yaml", "--json"]) == 0
    by_command = json.loads(capsys.readouterr().out)
    checked(by_command, search)
    step = yaml.safe_load((tmp_path / "r.yaml").read_text())["steps"][0]
    assert (step["use"], step["with"]["reveal"]) == (search, "sex")
    assert run(["run", "r.yaml", "--allow-outside", "--json"]) == 0
    by_recipe = json.loads(capsys.readouterr().out)
    assert by_recipe["findings"] == by_command["findings"]
    assert by_recipe["tables"] == by_command["tables"]


def test_the_bundled_recipe_runs_as_it_stands(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["run", "minoria-adult", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    checked(report, "minoria")
    assert any(group["confirmed"] for group in report["groups"] if group["step"])
