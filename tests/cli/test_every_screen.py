"""Each recipe that needs no download, and each step: its answers, and a first screen of at most 40 lines."""

from __future__ import annotations

import json

import pytest

RECIPES = ("adult", "mime-adult-quick", "mpr-people")
COMMANDS = {
    "rates": ("audit", "german_credit", "--groups", "sex,age:0/25/40/120"),
    "minoria": ("mine", "german_credit"),
    "mpr": ("audit", "people", "--with", "mpr", "--query", "nurse", "--attributes", "gender", "--k", "50"),
    "mopr": (
        "repair", "people", "--with", "mopr", "--query", "nurse", "--attributes", "gender", "--k", "50", "--rho", "0.2x",
    ),
    "mime": (
        "audit", "german_credit", "--with", "mime", "--group", "sex", "--minority", "female", "--model", "logistic",
        "--trials", "3", "--train-size", "60", "--test-size", "20", "--validation-size", "4",
    ),
    "mime.theory": ("audit", "german_credit", "--with", "mime.theory", "--rows", "20000"),
}  # fmt: skip


def check(cli, monkeypatch, *words):
    """Run a command; hold its screens to their length, and each of its steps to having an answer."""
    done = cli(*words)
    assert done.code in {0, 1}, done.err
    assert done.out.splitlines()[-1].startswith("Run 20")
    for width in ("80", "140"):
        monkeypatch.setenv("COLUMNS", width)
        lines = cli("report").out.splitlines()
        assert 4 < len(lines) <= 40
        assert max(map(len, lines)) <= int(width)
    document = json.loads(cli("report", "--json").out)
    assert {step["id"] for step in document["steps"]} <= {answer["step"] for answer in document["answers"]}
    told = " ".join(answer["text"] for answer in document["answers"])
    assert not any(f" {name} " in told for name in ("tpr", "fpr", "loss_gap", "selection_rate"))


@pytest.mark.parametrize("step", COMMANDS)
def test_every_step_answers_on_one_screen(cli, monkeypatch, step):
    check(cli, monkeypatch, *COMMANDS[step])


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_bundled_recipe_answers_on_one_screen(cli, monkeypatch, recipe):
    check(cli, monkeypatch, "run", recipe)
