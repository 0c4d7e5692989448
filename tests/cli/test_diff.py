"""`auditkit diff` as a script uses it: findings, exit codes with and without a gate, every format, the pinned recipe."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

ROLES = ("--target", "y", "--favourable", "1", "--pred", "p", "--groups", "sex")


@pytest.fixture
def tables(tmp_path):
    """Write two models' tables in which women lose 44 of 100 positives, and nobody else anything."""
    parts = []
    for sex, lost in (("F", 44), ("M", 0)):
        y = np.repeat([1, 0], 100)
        new = y.copy()
        new[:lost] = 0
        parts.append(pd.DataFrame({"sex": sex, "y": y, "old": y, "new": new}))
    frame = pd.concat(parts, ignore_index=True)
    frame.insert(0, "id", np.arange(len(frame)))
    frame.drop(columns="new").rename(columns={"old": "p"}).to_parquet(tmp_path / "old.parquet")
    mixed = frame.drop(columns="old").rename(columns={"new": "p"}).sample(frac=1, random_state=1)
    mixed.to_parquet(tmp_path / "new.parquet")
    frame.to_csv(tmp_path / "both.csv", index=False)
    return tmp_path


def change(report, metric="tpr", group="sex=F"):
    (found,) = [
        f for f in report["findings"] if (f["metric"], f["group"], f["compare"]) == (metric, group, "change")
    ]
    return found


def test_44_lost_positives_are_a_finding_with_its_rows_and_the_first_words_of_the_screen(cli, tables):
    done = cli("diff", "old.parquet", "new.parquet", *ROLES, "--id", "id", "--json")
    found = change(done.report)
    assert done.code == 0
    assert found["value"] == pytest.approx(-0.44)
    assert (found["details"]["lost"], found["details"]["gained"]) == (44, 0)
    assert found["interval"]["high"] < -0.3
    assert change(done.report, "selection_rate")["value"] == pytest.approx(-0.22)
    screen = cli("diff", "old.parquet", "new.parquet", *ROLES, "--id", "id")
    assert "Recall fell from 100 % to 56 % for sex = F." in screen.out
    assert screen.out.startswith("– NO GATES")


def test_two_columns_and_two_tables_say_the_same(cli, tables):
    first = cli("diff", "old.parquet", "new.parquet", *ROLES, "--id", "id", "--json").report
    roles = ("--target", "y", "--favourable", "1", "--pred", "new", "--groups", "sex")
    second = cli("diff", "both.csv", *roles, "--versus", "old", "--json").report
    assert [f["value"] for f in first["findings"]] == [f["value"] for f in second["findings"]]


def test_back_again_nothing_got_worse(cli, tables):
    done = cli("diff", "new.parquet", "old.parquet", *ROLES, "--id", "id", "--json")
    assert not any(answer["harm"] for answer in done.report["answers"])
    assert change(done.report)["details"]["gained"] == 44


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "margin", "code", "verdict"),
    [
        ("old", "new", "0.1", 1, "fail"),
        ("old", "new", "0.6", 0, "pass"),
        ("new", "old", "0.1", 0, "pass"),
        ("old", "old", "0.1", 0, "pass"),
        ("old", "new", "0.4", 0, "not_shown"),
    ],
)
def test_with_a_margin_the_exit_code_is_the_verdict(cli, tables, old, new, margin, code, verdict):
    words = (
        "diff",
        f"{old}.parquet",
        f"{new}.parquet",
        *ROLES,
        "--id",
        "id",
        "--margin",
        margin,
        "--metrics",
        "tpr",
    )
    done = cli(*words, "--json")
    assert (done.code, done.report["verdict"]) == (code, verdict)
    assert cli(*words, "--exit-zero").code == 0
    assert cli(*words, "--fail-on", "warn").code == (1 if verdict != "pass" else 0)


@pytest.mark.slow
def test_a_failed_margin_names_the_group_that_got_worse_in_every_format(cli, tables):
    files = ("r.md", "r.xml", "r.sarif", "r.html", "r.txt", "r.json")
    outputs = [word for name in files for word in ("-o", name)]
    done = cli("diff", "old.parquet", "new.parquet", *ROLES, "--id", "id", "--margin", "0.1", *outputs)
    assert done.code == 1
    assert "Selection rate is 28 % for sex = F and 50 % before: 22 points lower" in done.out
    assert "recall at most 10 points less than before" in done.out
    for name in files:
        text = (tables / name).read_text()
        assert "sex = F" in text or "sex=F" in text, name
        assert "before" in text, name


@pytest.mark.slow
def test_the_recipe_pins_what_was_accepted_and_refuses_another(cli, tables):
    done = cli(
        "diff", "old.parquet", "new.parquet", *ROLES, "--id", "id", "--margin", "0.6", "--as-recipe", "r.yaml"
    )
    written = yaml.safe_load((tables / "r.yaml").read_text())
    assert written["data"]["versus"] == "old.parquet"
    assert len(written["data"]["versus_sha256"]) == 64
    assert written["gates"][0] == {
        "id": "selection_rate no worse", "on": "diff", "metric": "selection_rate", "compare": "change", "margin": 0.6,
    }  # fmt: skip
    assert (done.code, cli("run", "r.yaml").code) == (0, 0)
    pd.read_parquet(tables / "old.parquet").head(390).to_parquet(tables / "old.parquet")
    later = cli("run", "r.yaml")
    assert later.code == 4
    assert "old.parquet is not what was accepted" in later.err


def test_this_month_is_held_against_last_months_run(cli, tables):
    assert cli("audit", "old.parquet", *ROLES, "-q").code == 0
    done = cli("diff", "last", "new.parquet", *ROLES, "--margin", "0.2", "--json")
    assert done.code == 1
    assert change(done.report)["value"] == pytest.approx(-0.44)
    assert "lost" not in change(done.report)["details"]
    assert any("as different rows" in note for note in done.report["notes"])


def test_two_stored_runs_are_compared_and_gated(cli, tables):
    ids = []
    for name in ("old", "new"):
        cli("audit", f"{name}.parquet", *ROLES, "-q")
        ids.append(max(path.name for path in (tables / ".auditkit" / "runs").iterdir()))
    done = cli("diff", *ids, "--margin", "0.2", "--json")
    assert done.code == 1
    assert change(done.report)["value"] == pytest.approx(-0.44)
    assert {gate["metric"] for gate in done.report["gates"]} == {"selection_rate", "tpr", "accuracy"}
    assert done.report["subject"]["target"] == "y"
    for name in ("r.html", "r.md", "r.sarif", "r.xml"):
        assert cli("report", "-o", name).code == 1


def test_redacted_no_change_has_a_number_and_the_gates_keep_their_outcome(cli, tables):
    done = cli(
        "diff", "old.parquet", "new.parquet", *ROLES, "--id", "id", "--margin", "0.1", "--redact", "--json"
    )
    assert done.code == 1
    changes = [f for f in done.report["findings"] if f["compare"] == "change"]
    assert changes
    assert all(f["value"] is None and f["interval"] is None and "lost" not in f["details"] for f in changes)
    assert not done.report["tables"]
    assert all(one["value"] is None for gate in done.report["gates"] for one in gate["comparisons"])
    assert "44" not in json.dumps(done.report["answers"])


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("old.parquet",), 2, "name two things to compare"),
        (("old.parquet", "new.parquet", "--versus", "p"), 2, "leave out --versus, or name one table"),
        (("new.parquet", "last"), 4, "neither a file nor a data set"),
        (("gone.parquet", "new.parquet"), 4, "gone.parquet"),
        (("old.parquet", "new.parquet", "--metrics", "recal"), 2, "diff has no metric 'recal'; did you mean"),
        (("old.parquet", "new.parquet", "--margin", "1.5"), 2, "is at most 1"),
        (("old.parquet", "new.parquet", "--margin", "-0.1"), 2, "blames the better side"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(cli, tables, words, code, says):
    done = cli("diff", *words, *ROLES)
    assert done.code == code
    assert says in done.err
    assert "Traceback" not in done.err


def test_a_margin_on_a_side_that_nobody_said_asks_for_it(cli, tables):
    roles = ("--target", "y", "--pred", "p", "--groups", "sex", "--id", "id")
    done = cli("diff", "old.parquet", "new.parquet", *roles, "--margin", "0.1")
    assert done.code == 2
    assert "depends on what is good for a person" in done.err


MODELS = """
class Old:
    def predict(self, table):
        return table["x"] > 0


class New:
    def predict(self, table):
        return table["x"] > 0.5
"""


def test_two_models_are_compared_on_the_same_rows_by_leave_of_who_starts_the_run(cli, tmp_path):
    rng = np.random.default_rng(0)
    x, sex = rng.normal(size=500), rng.choice(["F", "M"], 500)
    frame = pd.DataFrame({"x": x, "sex": sex, "y": rng.random(500) < 0.5})
    frame.to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "models_of_diff.py").write_text(MODELS)
    roles = ("--target", "y", "--favourable", "true", "--groups", "sex", "--model", "models_of_diff:New")
    done = cli("diff", "models_of_diff:Old", "t.csv", *roles, "--json", "--as-recipe", "r.yaml")
    assert done.code == 0
    found = change(done.report, "selection_rate")
    mine = x[sex == "F"]
    assert found["value"] == pytest.approx((mine > 0.5).mean() - (mine > 0).mean())
    assert done.report["provenance"]["consent"]["code"] == ["models_of_diff:New", "models_of_diff:Old"]
    refused = cli("run", "r.yaml", "--set", "data.model=models_of_diff:New")
    assert refused.code == 2
    assert "is code to run: --allow-code" in refused.err
    assert cli("run", "r.yaml", "--allow-code").code == 0


@pytest.mark.parametrize("way", ["diff", "run"])
def test_what_the_accepted_model_prints_or_ends_spoils_no_output(cli, tmp_path, way):
    (tmp_path / "t.csv").write_text(
        "x,sex,y,p\n" + "".join(f"{i % 7},{'FM'[i % 2]},{i % 3 // 2},1\n" for i in range(80))
    )
    (tmp_path / f"talks_{way}.py").write_text(f"print('at import')\n{MODELS}")
    (tmp_path / f"ends_{way}.py").write_text("import sys\nsys.exit(0)\n")
    roles = ("--target", "y", "--favourable", "1", "--groups", "sex", "--pred", "p", "--allow-code", "--json")
    recipe = (
        "version: 1\nname: made\ndata: {path: t.csv, target: y, favourable: 1, pred: p, versus: 'VERSUS'}\n"
        "groups: {sex: {column: sex}}\nsteps: [{id: diff, use: diff}]\n"
    )
    codes = {}
    for module in ("talks", "ends"):
        versus = f"{module}_{way}:Old"
        (tmp_path / "r.yaml").write_text(recipe.replace("VERSUS", versus))
        words = (
            ("diff", versus, "t.csv", *roles)
            if way == "diff"
            else ("run", "r.yaml", "--allow-code", "--json")
        )
        done = cli(*words)
        codes[module] = done.code
        if module == "talks":
            assert done.report["finished"]
            assert "at import" in done.err
    assert codes == {"talks": 0, "ends": 4}


@pytest.mark.parametrize(("said", "side"), [("--favourable", "less"), ("--unfavourable", "more")])
@pytest.mark.parametrize("rows", [8, 400])
def test_the_side_of_a_margin_is_the_metrics_whether_or_not_anything_was_measured(
    cli, tmp_path, said, side, rows
):
    frame = pd.DataFrame({"sex": ["F", "M"] * (rows // 2), "p": [0, 0, 1, 1] * (rows // 4)})
    frame.assign(old=frame["p"]).to_csv(tmp_path / "t.csv", index=False)
    words = ("--outcome", "p", said, "1", "--versus", "old", "--groups", "sex", "--margin", "0.2")
    done = cli("diff", "t.csv", *words)
    assert f"at most 20 points {side} than before" in " ".join(done.out.split())
    told = cli("check").out
    assert f"{side} than before" in " ".join(told.split())


@pytest.fixture
def come_and_gone(cli, tmp_path):
    """Write two tables by id of which B, C are gone and D, E are new; of A the predictions are the same."""
    old = pd.DataFrame({"id": range(600), "g": ["A"] * 400 + ["B"] * 100 + ["C"] * 100, "p": [0, 1] * 300})
    new = pd.DataFrame({"id": range(600), "g": ["A"] * 400 + ["D"] * 100 + ["E"] * 100, "p": [0, 1] * 300})
    old.to_csv(tmp_path / "old.csv", index=False)
    new.to_csv(tmp_path / "new.csv", index=False)
    new[new.g != "A"].to_csv(tmp_path / "none.csv", index=False)
    return cli


WORDS = ("--outcome", "p", "--favourable", "1", "--groups", "g", "--margin", "0.2")


def test_groups_that_are_new_or_gone_are_counted_as_such_in_every_format(come_and_gone):
    done = come_and_gone(
        "diff", "old.csv", "new.csv", *WORDS, *(f"-or.{end}" for end in ("md", "txt", "html", "xml"))
    )
    text = " ".join(done.out.split())
    assert "2 more are new, 2 more are gone" in text
    (gate,) = come_and_gone("check", "--json").report["gates"]
    assert "2 are new; 2 are gone" in gate["message"]
    for name in ("r.md", "r.txt", "r.html", "r.xml"):
        told = " ".join(Path(name).read_text().split())
        assert "gone" in told, name
        assert "too few rows" not in told.replace("too few rows to say", ""), name
    assert "too few rows" not in text


@pytest.mark.parametrize("rows", [600, 8])
def test_where_every_group_is_new_or_gone_that_is_why_it_is_undecided(come_and_gone, rows):
    frames = {name: pd.read_csv(f"{name}.csv") for name in ("old", "none")}
    for name, frame in frames.items():
        frame.iloc[:: max(len(frame) // rows, 1)].to_csv(f"{name}.csv", index=False)
    done = come_and_gone("diff", "old.csv", "none.csv", *WORDS)
    text = " ".join(done.out.split())
    if rows == 600:
        assert "2 more are new, 3 more are gone" in text
        assert "too few rows" not in text
    else:
        assert "3 have too few rows, 3 are gone" in text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--favourable", "1", "--margin", "2"), "--margin: no gap of selection_rate lies beyond 2"),
        (("--favourable", "1", "--margin", "-0.1"), "--margin: -0.1 blames the better side"),
        (("--favourable", "1", "--margin", "nan"), "--margin: a margin is a finite number"),
        (("--margin", "0.1"), "--margin: which side of selection_rate is worse"),
        (
            ("--margin", "0.1"),
            "add --favourable 1 if that is a benefit, --unfavourable if it is a burden, or --positive to",
        ),
        (
            ("--favourable", "1", "--margin", "0.1", "--metrics", "recal"),
            "--metrics: diff has no metric 'recal'",
        ),
        (("--favourable", "1", "--margin", "0.1", "--metrics", "recall"), "recall is called tpr here"),
    ],
)
def test_what_is_wrong_with_a_margin_is_told_by_the_options(come_and_gone, options, words):
    done = come_and_gone("diff", "old.csv", "new.csv", "--outcome", "p", "--groups", "g", *options)
    assert done.code == 2
    assert words in done.err
    assert "gate" not in done.err
    assert "data." not in done.err


@pytest.mark.slow
def test_ids_that_do_not_match_are_an_error_and_some_that_do_are_counted_at_once(cli, tables):
    old = pd.read_parquet("old.parquet")
    old.head(301).to_parquet("part.parquet")
    words = ("new.parquet", *ROLES, "--id", "id")
    done = cli("diff", "part.parquet", *words)
    assert "301 of 400 rows compared" in done.out.split("\n")[1]
    redacted = cli("diff", "part.parquet", *words, "--redact", "--json").report
    assert "rows_compared" not in redacted["subject"]
    assert "rows compared" not in cli("diff", "old.parquet", *words).out
    old.assign(id=old.id.map("row {}".format)).to_parquet("part.parquet")
    done = cli("diff", "part.parquet", *words)
    assert done.code == 4
    assert "is among those of part.parquet, such as 'row 0'" in done.err
