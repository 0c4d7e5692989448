"""`auditkit power`: rows that each group needs, without a step and for a step that says nothing."""

import json

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
