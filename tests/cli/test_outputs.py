"""Outputs of every command, held against what the command reads: nothing that a user wrote is ever lost."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

AUDIT = ["audit", "t.csv", "--target", "y", "--positive", "1", "--groups", "g"]
QUICK = ["--sensitive", "g", "--epochs", "1", "--runs", "1", "--k", "4"]
MINE = ["mine", "t.csv", "--target", "y"]
REPAIR = ["repair", "t.csv", "--with", "shasam", "--target", "y", *QUICK]
RECIPE = """
version: 1
name: r
data: {path: t.csv, target: y, positive: 1}
groups: groups.yaml
steps: [{id: rates, use: rates}]
"""


@pytest.fixture
def table(cli, tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=400), "g": rng.choice(["a", "b"], 400)})
    frame["y"] = (frame["x"] + rng.normal(size=400) > 0).astype(int)
    frame["p"] = rng.integers(2, size=400)
    frame.to_csv("t.csv", index=False)
    frame[["p"]].to_csv("p.csv", index=False)
    Path("r.yaml").write_text(RECIPE)
    Path("groups.yaml").write_text("version: 1\ngroups: {a: {where: \"g == 'a'\"}}\n")
    Path("base.yaml").write_text("extends: r.yaml\n")
    return tmp_path


def contents(folder):
    return {
        path: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".auditkit" not in path.parts
    }


DESTROYS = {
    "the data as a recipe": [*AUDIT, "--as-recipe", "t.csv"],
    "the data as a repair's table": [*REPAIR, "-o", "t.csv", "--overwrite"],
    "predictions as a repair's table": [*REPAIR, "--pred", "p.csv", "-o", "p.csv", "--overwrite"],
    "the data by a link": [*REPAIR, "-o", "link.csv", "--overwrite"],
    "the data by a hard link": [*REPAIR, "-o", "hard.csv", "--overwrite"],
    "the groups as a recipe": [*AUDIT[:-1], "groups.yaml", "--as-recipe", "groups.yaml", "--overwrite"],
    "the groups as groups found": [
        *("mine", "t.csv", "--target", "y", "--groups", "groups.yaml"),
        *("--save-groups", "groups.yaml", "--overwrite"),
    ],
    "the recipe as a report": ["run", "r.yaml", "-o", "r.yaml"],
    "a file of the user's as a report": [*AUDIT, "-o", "notes.md"],
    "a file of the user's as a recipe": [*AUDIT, "--as-recipe", "mine.yaml"],
    "a file of another kind": [*AUDIT, "--as-recipe", "deploy.yaml", "--overwrite"],
    "one file twice": [*AUDIT, "-o", "a.html", "-o", "./a.html"],
    "one table twice": [*REPAIR, "-o", "a.csv", "-o", "shasam=a.csv"],
    "a recipe and groups": [
        "mine",
        "t.csv",
        "--target",
        "y",
        "--as-recipe",
        "a.yaml",
        "--save-groups",
        "a.yaml",
    ],
    "a report of a recipe": ["run", "r.yaml", "--set", "reports=[notes.md]"],
    "a recipe that it extends": ["run", "base.yaml", "--set", "reports=[x.html, x.html]"],
    "a model in a folder of the user's": [*REPAIR, "--save-model", "models"],
    "a card of another kind": [*REPAIR, "--save-model", "models", "--overwrite"],
    "waivers as a recipe": [*AUDIT, "--as-recipe", "waivers.yaml", "--overwrite"],
    "waivers as groups found": [*MINE, "--save-groups", "waivers.yaml", "--overwrite"],
    "a recipe as groups found": [*MINE, "--save-groups", "base.yaml", "--overwrite"],
    "groups as a recipe": [*AUDIT, "--as-recipe", "groups.yaml", "--overwrite"],
    "a model as a report": [*AUDIT, "-o", "card.json", "--overwrite"],
    "a report as a model": [*REPAIR, "--save-model", "reports", "--overwrite"],
    "a table that a report's name leads to": [*AUDIT, "-o", "page.html", "--overwrite"],
    "a text that a table's name leads to": [*REPAIR, "-o", "notes.csv", "--overwrite"],
    "a report of a run that is kept": [*AUDIT, "-o", "kept.json", "--overwrite"],
    "the demo": ["demo", "-o", "notes.md"],
    "a folder that is a file": [*AUDIT, "-o", "t.csv/a.html"],
    "no format": [*AUDIT, "-o", "a.docx"],
}


@pytest.mark.parametrize("case", DESTROYS)
def test_an_output_that_would_destroy_something_is_refused_and_nothing_is_written(cli, table, case):
    Path("notes.md").write_text("my notes\n")
    Path("mine.yaml").write_text("steps: [mine]\n")
    Path("deploy.yaml").write_text("apiVersion: v1\n")
    Path("models").mkdir()
    Path("models/card.json").write_text('{"mine": 1}')
    Path("link.csv").symlink_to("t.csv")
    os.link("t.csv", "hard.csv")
    Path("waivers.yaml").write_text("waivers: []\n")
    Path("card.json").write_text('{"format": 1}')
    Path("page.html").symlink_to("other.csv")
    Path("other.csv").write_text("a\n1\n")
    Path("notes.csv").symlink_to("notes.md")
    for folder in ("reports", ".auditkit/runs/20260101T000000-1"):
        Path(folder).mkdir(parents=True)
        Path(folder, "card.json").write_text('{"schema_version": 1}')
    Path("kept.json").symlink_to(".auditkit/runs/20260101T000000-1/card.json")
    before = contents(table)
    done = cli(*DESTROYS[case])
    assert done.code == 2, done.err
    assert contents(table) == before
    assert done.err.count("\n") == 1, done.err
    assert len(list(Path(".auditkit").glob("runs/*"))) == 1


MISREAD = {
    "a report": ["report", "a.json", "-o", "a.json", "--bogus"],
    "a check": ["check", "a.json", "--output=a.json", "--bogus"],
    "a check of warnings": ["check", "a.json", "-o", "a.json", "--fail-on", "bogus"],
    "a difference": ["diff", "a.json", "t.csv", "-o", "a.json", "--bogus"],
    "an option with a sign": ["audit", "t.csv", "--versus=a.json", "-o", "a.json", "--bogus"],
    "an option's value": ["audit", "t.csv", "--versus", "a.json", "-o", "a.json", "--confidence", "x"],
    "a change of a recipe": ["run", "r.yaml", "-o", "a.json", "--set", "data.versus=a.json", "--set", "x=1"],
    "a recipe": ["run", "versus.yaml", "-o", "a.json", "--bogus"],
    "a recipe below a recipe": ["run", "below.yaml", "-o", "a.json"],
    "a command that writes no reports": ["waive", "list", "-o", "a.json"],
    "a recipe as its report": ["run", "a.yaml", "-o", "a.yaml", "--bogus"],
    "a recipe as the report of data": ["audit", "t.csv", "-o", "a.yaml", "--bogus"],
}


@pytest.mark.parametrize("case", MISREAD)
def test_words_that_cannot_be_read_destroy_no_report_that_they_name_as_an_input(cli, table, case):
    assert cli(*AUDIT, "--pred", "p", "-o", "a.json", "--as-recipe", "a.yaml").code == 0
    Path("versus.yaml").write_text(RECIPE.replace("positive: 1", "positive: 1, pred: p, versus: a.json"))
    Path("below.yaml").write_text("extends: versus.yaml\nbogus: 1\n")
    before = contents(table)
    done = cli(*MISREAD[case])
    assert done.code == 2, done.err
    assert contents(table) == before


def test_a_report_of_before_says_all_the_same_that_words_could_not_be_read(cli, table):
    assert cli(*AUDIT, "-o", "a.json").code == 0
    assert cli(*AUDIT, "-o", "a.json", "--bogus").code == 2
    assert "No such option: --bogus" in Path("a.json").read_text()


def test_a_plan_that_fails_leaves_no_recipe(cli, table):
    done = cli("audit", "t.csv", "--target", "absent", "--groups", "g", "--as-recipe", "new.yaml")
    assert done.code == 4
    assert not Path("new.yaml").exists()


def test_the_same_command_runs_twice_and_after_a_fresh_checkout(cli, table):
    names = ["a.html", "a.json", "a.md", "a.sarif", "a.xml"]
    words = [*AUDIT, "--as-recipe", "a.yaml", *(word for name in names for word in ("-o", name))]
    for store in (True, True, False):
        if not store:
            Path(".auditkit").rename("gone")
        done = cli(*words)
        assert done.code == 0, done.err


def test_what_carries_a_mark_is_still_read(cli, table):
    assert cli(*AUDIT, "--as-recipe", "a.yaml", "-o", "a.json").code == 0
    assert cli("run", "a.yaml").code == 0
    assert cli("report", "a.json").code == 0
    done = cli("report", "a.json", "-o", "a.json")
    assert (done.code, "this run reads it" in done.err) == (2, True)


def test_a_dry_run_checks_the_outputs(cli, table):
    Path("notes.md").write_text("my notes\n")
    done = cli("run", "r.yaml", "-o", "notes.md", "--dry-run")
    assert (done.code, "did not write" in done.err) == (2, True)


def test_a_changed_recipe_is_left_and_replaced_on_demand(cli, table):
    assert cli(*AUDIT, "--as-recipe", "a.yaml").code == 0
    Path("a.yaml").write_text(Path("a.yaml").read_text().replace("version: 1", "version: 1  # mine"))
    done = cli(*AUDIT, "--as-recipe", "a.yaml")
    assert (done.code, "it was changed since auditkit wrote it" in done.err) == (2, True)
    assert cli(*AUDIT, "--as-recipe", "a.yaml", "--overwrite").code == 0


def test_reports_of_a_recipe_stay_in_reach(cli, table, monkeypatch):
    home = table / "home"
    home.mkdir()
    Path("r.yaml").write_text(RECIPE + "reports: [../out.html]\n")
    done = cli("run", "r.yaml")
    assert (done.code, "r.yaml:7:" in done.err, "--allow-outside" in done.err) == (2, True, True)
    assert cli("run", "r.yaml", "-o", "../out.html", "--set", "reports=[]").code == 0
    (home / "link").symlink_to(table.parent)
    Path("r.yaml").write_text(RECIPE + "reports: [home/link/out.html]\n")
    assert cli("run", "r.yaml").code == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (r"a\0.html", "no file has a zero byte in its name"),
        ("", "say in which format"),
        (".", "say in which format"),
        ("folder.html", "it is a directory"),
        ("t.csv/a.html", "there is no folder"),
        ("t.csv", "only a repair hands back a table"),
        ("x" * 300 + ".html", "file name too long"),
    ],
)
def test_a_report_of_an_impossible_name_is_one_sentence_before_anything_runs(cli, table, name, words):
    Path("folder.html").mkdir()
    Path("r.yaml").write_text(f'{RECIPE}reports: ["{name}"]\n')
    done = cli("run", "r.yaml")
    assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert words in done.err
    assert not Path(".auditkit/runs").exists()


def test_an_image_that_the_table_names_is_an_input(cli, table):
    from PIL import Image

    Path("i").mkdir()
    for i in range(400):
        Image.fromarray(np.zeros((4, 4, 3), dtype=np.uint8)).save(f"i/{i}.png")
    Image.fromarray(np.zeros((4, 4, 3), dtype=np.uint8)).save("i/0.html", format="png")
    frame = pd.read_csv("t.csv").assign(image=[f"i/{i}.png" for i in range(400)])
    frame.loc[0, "image"] = "i/0.html"
    frame.to_csv("t.csv", index=False)
    before = Path("i/0.html").read_bytes()
    done = cli(*AUDIT, "--images", "image", "-o", "i/0.html", "--overwrite")
    assert done.code == 2
    assert Path("i/0.html").read_bytes() == before


def test_a_model_is_saved_again_where_it_was_saved_and_nowhere_else(cli, table):
    assert cli(*REPAIR, "--save-model", "m").code == 0
    done = cli(*REPAIR, "--save-model", "m")
    assert done.code == 0, done.err
    card = Path("m/card.json")
    card.write_text(card.read_text().replace('"y"', '"z"'))
    done = cli(*REPAIR, "--save-model", "m")
    assert (done.code, "card.json: it was changed since auditkit wrote it" in done.err) == (2, True)
