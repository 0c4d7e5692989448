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
