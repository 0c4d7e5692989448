"""The tables from the command line: one command on decisions alone, and what it writes."""

import json
from pathlib import Path

import pandas as pd
import pytest
from plugins.rates.selection.test_ll144 import people


@pytest.mark.parametrize("step", ["ll144", "four-fifths"])
def test_one_command_on_decisions_alone_writes_a_table_a_page_and_json(cli, step):
    people(600).drop(columns="score").to_csv("hires.csv", index=False)
    files = ("-o", "t.csv", "-o", "t.html", "-o", "t.json")
    words = ("--outcome", "hired", "--favourable", "yes", "--groups", "sex,race")
    done = cli("audit", "hires.csv", "--with", step, *words, *files)
    assert done.code == 0, done.err
    table = pd.read_csv("t.csv").set_index("group")
    frame = pd.read_csv("hires.csv")
    rate = (frame[frame.sex == "Male"].hired == "yes").mean()
    row = table.loc["sex=Male"]
    assert row.selection_rate == pytest.approx(rate)
    assert row.selection_rate_low < rate < row.selection_rate_high
    assert (row.attribute, row.impact_ratio) == ("sex", 1.0)
    document = json.loads(Path("t.json").read_text())
    assert document["tables"]
    assert "calculations, not opinions" in Path("t.html").read_text()


def test_a_score_alone_suffices_for_the_law(cli):
    people(600).drop(columns="hired").to_csv("scores.csv", index=False)
    done = cli(
        "audit", "scores.csv", "--with", "ll144", "--score", "score", "--groups", "sex,race", "-o", "t.csv"
    )
    assert done.code == 0, done.err
    table = pd.read_csv("t.csv").set_index("group")
    frame = pd.read_csv("scores.csv")
    picked = frame.score > frame.score.median()
    assert table.loc["race=Black"].scoring_rate == pytest.approx(picked[frame.race == "Black"].mean())


HOSTILE = ("=cmd|' /C calc'!A0", "+1+cmd", "@SUM(1)", "-2+3", "\t=1")


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_no_name_in_a_table_for_people_is_run_by_a_spreadsheet(cli, ending):
    frame = people(600).drop(columns="score")
    for name in HOSTILE:
        frame[name] = frame["sex"]
    frame.to_csv("hires.csv", index=False)
    Path("r.yaml").write_text(
        "version: 1\nname: r\ndata: {path: hires.csv, outcome: hired, favourable: 'yes'}\n"
        f"groups: {json.dumps({name: {'column': name} for name in HOSTILE})}\n"
        "steps: [{id: t, use: four-fifths}]\nstats: {max_order: 1}\n"
    )
    done = cli("run", "r.yaml", "-o", f"t.{ending}")
    assert done.code == 0, done.err
    table = pd.read_csv("t.csv") if ending == "csv" else pd.read_json("t.jsonl", lines=True)
    before = "'" if ending == "csv" else ""
    assert {f"{before}{name}" for name in HOSTILE} <= {*table.attribute}
    assert {f"{before}{name}=Male" for name in HOSTILE} <= {*table.group}
    assert table.selection_rate.dtype.kind == "f"


def test_a_table_of_all_groups_and_redaction_cannot_both_be_asked_for(cli):
    people(600).drop(columns="score").to_csv("hires.csv", index=False)
    words = ("--outcome", "hired", "--favourable", "yes", "--groups", "sex,race", "--redact")
    done = cli("audit", "hires.csv", "--with", "ll144", *words, "-o", "t.csv")
    assert (done.code, done.err.count("\n"), Path("t.csv").exists()) == (2, 1, False)
    assert "cannot write t.csv redacted: ll144's table holds every group's numbers" in done.err
    assert cli("audit", "hires.csv", "--with", "ll144", *words, "-o", "t.html").code == 0
