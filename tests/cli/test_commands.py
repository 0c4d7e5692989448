"""The commands end to end on the bundled data: exit codes, JSON, options, reports, repeatability."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from plugins.minoria.seeded import minoria_2d

import auditkit
from auditkit.store.mark import marked
from auditkit.values.exit_code import ExitCode

KEYS = {
    "schema_version",
    "name",
    "verdict",
    "exit_code",
    "findings",
    "groups",
    "gates",
    "skipped",
    "provenance",
}


def german(cli, *words):
    done = cli("audit", "german_credit", "--groups", "sex", "--json", *words)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_json_is_one_document_with_every_promised_key(cli):
    document = german(cli)
    assert set(document) >= KEYS
    assert (document["verdict"], document["exit_code"]) == ("no gates", 0)
    finding = document["findings"][0]
    assert {"step", "metric", "value", "interval", "n", "group", "stage", "unit", "details"} <= set(finding)
    assert document["provenance"]["inputs"][0]["sha256"]
    assert document["provenance"]["versions"]["numpy"] == np.__version__


def test_every_group_and_intersection_of_adult_has_n_and_an_interval_or_a_reason(cli):
    done = cli("audit", "adult", "--with", "rates", "--target", "income", "--groups", "sex,race", "--json")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    table = pd.read_parquet(Path(__file__).parents[2] / "auditkit" / "data" / "bundled" / "adult.parquet")
    sizes = table.groupby(["sex", "race"]).size()
    tpr = {f["group"]: f for f in document["findings"] if (f["metric"], f["compare"]) == ("tpr", "absolute")}
    for (sex, race), n in sizes.items():
        found = tpr[f"sex={sex} & race={race}"]
        assert found["n"] == n
        positives = ((table.sex == sex) & (table.race == race) & (table.income == ">50K")).sum()
        if positives < 30:
            assert found["value"] is None
            assert "insufficient evidence" in found["reason"]
            assert found["rows_needed"] > n
        else:
            assert found["interval"]["low"] < found["value"] < found["interval"]["high"]


@pytest.mark.slow
def test_mining_adult_names_confirmed_groups_with_held_out_intervals_and_n(cli):
    done = cli("mine", "adult", "--target", "income", "--json")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    confirmed = [g["name"] for g in document["groups"] if g["confirmed"]]
    gaps = {f["group"]: f for f in document["findings"] if f["metric"] == "loss_gap"}
    assert confirmed
    for name in confirmed:
        assert gaps[name]["interval"]["low"] > 0
        assert gaps[name]["n"] >= 30
        assert gaps[name]["details"]["p_corrected"] < 0.025


@pytest.mark.slow
def test_a_mined_groups_expression_finds_its_rows_again(cli):
    document = json.loads(cli("mine", "adult", "--json").out)
    table = pd.read_parquet(Path(__file__).parents[2] / "auditkit" / "data" / "bundled" / "adult.parquet")
    for group in document["groups"]:
        assert int(table.eval(group["expression"], engine="python").sum()) == group["n"]


@pytest.mark.slow
def test_the_same_seed_gives_byte_identical_findings_twice(cli):
    first, again = (json.loads(cli("run", "adult", "--json").out) for _ in range(2))
    assert json.dumps(first["findings"]) == json.dumps(again["findings"])
    assert json.dumps(first["groups"]) == json.dumps(again["groups"])


@pytest.mark.parametrize(
    ("rule", "code", "verdict"),
    [("upper_bound < 0.2", 0, "pass"), ("upper_bound < 0.99", 1, "fail"), ("lower_bound > 0.5", 0, "pass")],
)
def test_exit_code_printed_verdict_and_json_agree(cli, tmp_path, rule, code, verdict):
    gates = [{"id": "g", "on": "r", "metric": "accuracy", "compare": "absolute", "fail_if": rule}]
    if rule == "lower_bound > 0.5":
        gates[0]["compare"] = "to_rest"
    recipe = {
        "name": "x", "data": {"path": "german_credit"}, "groups": {"sex": {"column": "sex"}},
        "steps": [{"id": "r", "use": "rates"}], "gates": gates,
    }  # fmt: skip
    (tmp_path / "r.yaml").write_text(yaml.safe_dump(recipe))
    done = cli("run", "r.yaml", "--json")
    document = json.loads(done.out)
    assert (done.code, document["exit_code"], document["verdict"]) == (code, code, verdict)
    text = cli("run", "r.yaml")
    assert text.code == code
    assert re.search(rf"\b{verdict.upper()}\b", text.out)
    assert cli("run", "r.yaml", "--exit-zero").code == 0


def test_nothing_decided_exits_5(cli, tmp_path):
    text = """
        name: x
        data: {path: german_credit}
        groups: {sex: {column: sex}, min_n: 5000}
        steps: [{id: r, use: rates}]
        gates: [{id: g, on: r, metric: tpr, fail_if: lower_bound > 0.1}]
    """
    (tmp_path / "r.yaml").write_text(text)
    assert cli("run", "r.yaml").code == ExitCode.UNDECIDED
    assert cli("run", "r.yaml", "--exit-zero").code == 0


def test_a_steps_parameters_are_real_options(cli):
    text = cli("mine", "--help").out
    for option in ("--tail <float>", "--top <int>", "--tau <float>"):
        assert option in text
    done = cli("mine", "german_credit", "--tail", "0.2", "--top", "1", "--json")
    step = json.loads(done.out)["steps"][0]
    assert (step["params"]["tail"], step["params"]["top"]) == (0.2, 1)


def test_a_run_can_be_shown_again_in_every_format_with_its_exit_code(cli, tmp_path):
    assert cli("audit", "german_credit", "--groups", "sex", "-o", "a.html").code == 0
    done = cli("report", "last", "-o", "b.html", "-o", "b.md", "-o", "b.json")
    assert done.code == 0, done.err
    assert Path("a.html").read_text() == Path("b.html").read_text()
    assert (
        b"".join(marked(cli("report", "b.json", "--json").out.encode(), ".json"))
        == Path("b.json").read_bytes()
    )


def test_options_become_a_recipe_that_gives_the_same_findings(cli):
    words = ("audit", "german_credit", "--groups", "sex,age:18/30/80", "--seed", "3", "--json")
    first = json.loads(cli(*words, "--as-recipe", "r.yaml").out)
    again = json.loads(cli("run", "r.yaml", "--json").out)
    assert first["findings"] == again["findings"]


def test_dry_run_checks_and_runs_nothing(cli):
    done = cli("run", "adult", "--dry-run")
    assert done.code == 0
    assert "48,842 rows" in done.out
    assert not Path(".auditkit").exists()


@pytest.mark.slow
def test_demo_writes_an_html_report_and_exits_0(cli):
    done = cli("demo")
    assert done.code == 0, done.err
    assert "auditkit-demo.html" in done.out
    assert Path("auditkit-demo.html").stat().st_size < 2_000_000


@pytest.mark.parametrize(
    "words", [["recipes"], ["datasets"], ["plugins", "list"], ["plugins", "show", "rates"]]
)
def test_lists_print_text_and_json(cli, words):
    done = cli(*words)
    assert done.code == 0
    assert done.out.strip()
    json.loads(cli(*words, "--json").out)


def test_schema_explain_and_doctor_answer(cli):
    assert json.loads(cli("schema").out)["$schema"].startswith("https://json-schema.org")
    assert "TP / (TP + FN)" in cli("explain", "tpr").out
    assert "Minoria" in cli("explain", "minoria").out
    assert "too few rows" in cli("explain", "5").out
    wrong = cli("explain", "tprr")
    assert (wrong.code, "did you mean 'tpr'" in wrong.err) == (2, True)
    assert cli("doctor").code == 0


@pytest.mark.parametrize("suffix", ["csv", "parquet", "feather", "jsonl", "npz"])
def test_every_file_format_gives_the_same_findings(cli, suffix):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"x": rng.normal(size=300), "g": rng.integers(2, size=300), "y": rng.integers(2, size=300)}
    )
    table["p"] = np.where(rng.random(300) < 0.7, table["y"], 1 - table["y"])
    match suffix:
        case "csv":
            table.to_csv("t.csv", index=False)
        case "parquet":
            table.to_parquet("t.parquet")
        case "feather":
            table.to_feather("t.feather")
        case "jsonl":
            table.to_json("t.jsonl", orient="records", lines=True)
        case "npz":
            np.savez("t.npz", **{name: table[name].to_numpy() for name in table})
    done = cli("audit", f"t.{suffix}", "--target", "y", "--pred", "p", "--groups", "g", "--json")
    assert done.code == 0, done.err
    accuracy = [
        f for f in json.loads(done.out)["findings"] if f["metric"] == "accuracy" and f["group"] == "g=0"
    ]
    zero = table[table.g == 0]
    assert accuracy[0]["value"] == pytest.approx((zero.y == zero.p).mean())


def test_a_score_column_is_enough(cli):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"g": rng.integers(2, size=300), "y": rng.integers(2, size=300), "s": rng.random(300)}
    )
    table.to_csv("t.csv", index=False)
    done = cli("audit", "t.csv", "--target", "y", "--score", "s", "--groups", "g", "--json")
    selected = [
        f for f in json.loads(done.out)["findings"] if f["metric"] == "selection_rate" and f["group"] == "g=1"
    ]
    assert selected[0]["value"] == pytest.approx((table[table.g == 1].s >= 0.5).mean())


def test_no_colour_reaches_a_pipe(cli):
    assert "\x1b[" not in cli("audit", "german_credit", "--groups", "sex").out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "skew", "angle"),
    [(200, 0.824373, 126.408), (201, 0.879133, 139.329), (500, 0.740468, 110.311), (1000, 0.762595, 122.946)],
)
def test_the_sweep_of_a_file_gives_the_exact_maximum_skew(cli, n, skew, angle):
    pd.DataFrame(minoria_2d(n), columns=["x", "y"]).to_csv("pts.csv", index=False)
    done = cli("mine", "pts.csv", "--features", "x,y", "--with", "minoria.sweep", "--json")
    assert done.code == 0, done.err
    best = max(
        (f for f in json.loads(done.out)["findings"] if f["metric"] == "skew"), key=lambda f: abs(f["value"])
    )
    assert abs(best["value"]) == pytest.approx(skew, abs=1e-6)
    assert best["details"]["angle_degrees"] % 180 == pytest.approx(angle, abs=1e-3)


def test_the_report_says_where_the_predictions_come_from(cli):
    assert "cross-fitted" in german(cli)["subject"]["predictions"]


def test_a_model_in_a_module_of_the_current_folder_is_audited(cli, tmp_path):
    table = {"x": np.linspace(-1, 1, 80), "y": [0, 1] * 40, "g": ["a"] * 80}
    pd.DataFrame(table).to_csv("t.csv", index=False)
    (tmp_path / "rules_for_cli.py").write_text(
        "class Threshold:\n    def predict(self, table):\n        return (table['x'] > 0).astype(int)\n"
    )
    words = [
        "--target",
        "y",
        "--groups",
        "g",
        "--model",
        "rules_for_cli:Threshold",
        "--metrics",
        "accuracy",
        "--json",
    ]
    done = cli("audit", "t.csv", *words)
    assert done.code == 0, done.err
    document = json.loads(done.out)
    assert document["subject"]["predictions"] == "model Threshold"
    assert [f["value"] for f in document["findings"] if f["compare"] == "absolute"] == [0.5, 0.5]
    assert "rules_for_cli.py" in json.dumps(document["provenance"]["inputs"])


def test_the_version_is_told_by_the_command_and_by_the_module(cli):
    told = cli("--version")
    assert (told.code, told.out) == (0, f"auditkit {auditkit.__version__}\n")
    done = subprocess.run([sys.executable, "-m", "auditkit", "--version"], capture_output=True, text=True)
    assert done.stdout == told.out


def test_the_module_imports_nothing_from_the_working_folder(tmp_path):
    for name in ("pandas", "narwhals"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit(7)")
    (tmp_path / "a.csv").write_text("g,y\n" + "a,1\nb,0\n" * 40)
    words = ["audit", "a.csv", "--outcome", "y", "--favourable", "1", "--groups", "g", "-q"]
    done = subprocess.run(
        [sys.executable, "-m", "auditkit", *words], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
