"""In whose favour: the first lines of a report say it, a gate that needs it asks for it, and a guess is no answer."""

import json

import pandas as pd
import pytest
import yaml


@pytest.fixture
def loans(tmp_path):
    """Of 100 women 30 are approved, of 100 men 60; every decision is right."""
    told = {"F": ["approved"] * 30 + ["denied"] * 70, "M": ["approved"] * 60 + ["denied"] * 40}
    rows = [(sex, answer, answer) for sex, answers in told.items() for answer in answers]
    pd.DataFrame(rows, columns=["sex", "y", "p"]).to_csv(tmp_path / "a.csv", index=False)
    return tmp_path


AUDIT = ("audit", "a.csv", "--target", "y", "--pred", "p", "--groups", "sex")


def measured(cli, *words):
    done = cli(*AUDIT, *words, "--json")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    return report["subject"]["outcome"], {
        (f["metric"], f["group"], f["compare"]): f for f in report["findings"]
    }


@pytest.mark.parametrize(
    ("words", "rate", "directions"),
    [
        (("--favourable", "approved"), 0.3, {"selection_rate": "lower_is_worse", "tpr": "lower_is_worse", "fpr": "neither"}),
        (("--unfavourable", "denied"), 0.7, {"selection_rate": "higher_is_worse", "tpr": "neither", "fpr": "higher_is_worse"}),
        (("--positive", "approved"), 0.3, dict.fromkeys(("selection_rate", "tpr", "fpr"), "neither")),
        ((), 0.7, dict.fromkeys(("selection_rate", "tpr", "fpr"), "neither")),
    ],
)  # fmt: skip
def test_the_worse_side_is_that_of_the_outcome(cli, loans, words, rate, directions):
    outcome, findings = measured(cli, *words)
    assert outcome["said"] == bool(words)
    assert findings["selection_rate", "sex=F", "absolute"]["value"] == pytest.approx(rate)
    assert {name: findings[name, "sex=F", "to_rest"]["direction"] for name in directions} == directions
    assert findings["precision", "sex=F", "absolute"]["direction"] == "lower_is_worse"
    best = findings.get(("selection_rate", "sex=F", "to_best"))
    assert (best is None) == (directions["selection_rate"] == "neither")
    if best is not None:
        assert best["details"]["best"] == "sex=M"


def test_the_first_lines_say_what_is_counted_and_who_says_so(cli, loans):
    said, guessed = cli(*AUDIT, "--favourable", "approved").out, cli(*AUDIT).out
    assert "favourable: y = 'approved' (you said so)" in said[:300]
    assert "favourable: y = 'denied' (guessed" in guessed[:300]


@pytest.mark.parametrize("ending", ["html", "md", "xml", "sarif", "txt"])
def test_every_format_says_it(cli, loans, ending):
    cli(*AUDIT, "--favourable", "approved", "-o", f"r.{ending}")
    text = (loans / f"r.{ending}").read_text()
    assert "favourable" in text
    assert "approved" in text


def recipe(folder, gate, **data):
    document = {
        "name": "x", "data": {"path": "a.csv", "target": "y", "pred": "p"} | data,
        "groups": {"sex": {"column": "sex"}}, "steps": [{"id": "rates", "use": "rates"}],
        "gates": [{"id": "g", "on": "rates"} | gate],
    }  # fmt: skip
    (folder / "r.yaml").write_text(yaml.safe_dump(document))


@pytest.mark.parametrize("metric", ["selection_rate", "tpr", "fpr"])
def test_a_gate_whose_side_depends_on_the_outcome_asks_for_it(cli, loans, metric):
    recipe(loans, {"metric": metric, "limit": 0.9})
    done = cli("run", "r.yaml")
    assert done.code == 2
    assert "add data.favourable: 'denied' if" in done.err
    assert "r.yaml:" in done.err
    recipe(loans, {"metric": metric, "limit": 0.9}, favourable="approved")
    assert cli("run", "r.yaml").code == 0


def test_a_gate_that_stands_between_groups_has_its_side_and_asks_for_nothing(cli, loans):
    recipe(loans, {"metric": "demographic_parity", "compare": "difference", "limit": 0.9})
    assert cli("run", "r.yaml").code == 0
    recipe(loans, {"metric": "accuracy", "limit": 0.9})
    assert cli("run", "r.yaml").code == 0


def test_who_is_worse_off_follows_the_outcome(cli, loans):
    gate = {"metric": "selection_rate", "group": "sex=F", "limit": 0.05}
    for data, code in (
        ({"favourable": "approved"}, 1), ({"unfavourable": "denied"}, 1), ({"favourable": "denied"}, 0),
        ({"positive": "denied"}, 1),
    ):  # fmt: skip
        recipe(loans, gate, **data)
        assert cli("run", "r.yaml").code == code, data


def test_no_group_is_the_best_where_no_side_is_better(cli, loans):
    recipe(loans, {"metric": "tpr", "compare": "to_best", "limit": 0.05}, unfavourable="denied")
    done = cli("run", "r.yaml")
    assert done.code == 2
    assert "no side of tpr is better here" in done.err


def test_a_recipe_made_from_a_guess_refuses_to_run_until_it_is_filled_in(cli, loans):
    assert cli(*AUDIT, "--as-recipe", "made.yaml").code == 0
    refused = cli("run", "made.yaml")
    assert refused.code == 2
    assert "data.favourable is still to be filled in" in refused.err
    filled = cli("run", "made.yaml", "--set", "data.favourable=approved", "--json")
    assert json.loads(filled.out)["subject"]["outcome"]["said"] is True


def test_what_a_shell_or_yaml_ate_is_told_to_be_quoted(cli, loans):
    for words in (
        ("audit", "adult", "--favourable"),
        ("audit", "adult", "--unfavourable", "--groups", "sex"),
    ):
        done = cli(*words)
        assert done.code == 2
        assert "write it in quotes" in done.err
    (loans / "r.yaml").write_text("name: x\ndata:\n  path: adult\n  favourable: >50K\nsteps: []\n")
    assert "write it in quotes, such as '>50K'" in cli("run", "r.yaml").err
    quoted = "name: x\ndata: {path: adult, favourable: '>50K'}\nsteps: [{id: r, use: rates, with: {metrics: [fpr]}}]\n"
    (loans / "r.yaml").write_text(quoted)
    assert cli("run", "r.yaml", "--dry-run").code == 0
