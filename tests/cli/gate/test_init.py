"""What `auditkit init` reads off a table, and what it leaves to be said."""

import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from auditkit.cli.commands.init import PLACES
from auditkit.recipe.read import load_recipe


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    made = pd.DataFrame({"sex": rng.choice(["F", "M"], 3000), "repaid": rng.choice(["no", "yes"], 3000)})
    return made.assign(income=rng.normal(size=3000))


def begun(cli, table, *more):
    table.to_csv("loans.csv", index=False)
    done = cli("init", "loans.csv", "--target", "repaid", *more)
    assert done.code == 0, done.err
    text = Path("audit.yaml").read_text(encoding="utf-8")
    return text, yaml.safe_load(text)["data"]


def test_the_one_other_column_of_the_targets_values_is_what_was_decided(cli, table):
    text, data = begun(cli, table.assign(approved=table["repaid"].sample(frac=1, random_state=0).to_numpy()))
    assert data["pred"] == "approved"
    assert "pred: approved  # guessed" in text
    assert "a model that is fitted here" not in text


@pytest.mark.parametrize("columns", [(), ("a", "b")])
def test_where_nothing_says_what_was_predicted_the_line_is_left_to_be_filled_in(cli, table, columns):
    text, data = begun(cli, table.assign(**dict.fromkeys(columns, table["repaid"])))
    assert "pred" not in data
    assert "# pred: COLUMN  # without predictions a model that is fitted here is audited, not yours" in text


def test_a_column_that_is_called_a_prediction_goes_before_one_that_looks_like_it(cli, table):
    _, data = begun(cli, table.assign(approved=table["repaid"], y_pred=table["repaid"]))
    assert data["pred"] == "y_pred"


NAMES = [
    "gen: der",
    "#age",
    "- x",
    "*x",
    "{x}",
    '"q"',
    "[a",
    "?",
    "!t",
    "&a",
    "%d",
    "|",
    ">",
    "@v",
    "no",
    "1",
    "null",
    "'",
    "a #b",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_group_of_any_name_is_read_back_and_runs(cli, table, name):
    table = table.assign(approved=table["repaid"]).rename(columns={"sex": name})
    begun(cli, table, "--pred", "approved", "--groups", name)
    assert list(load_recipe(Path("audit.yaml"))[0].groups) == [name]
    done = cli("run", "audit.yaml", "-q")
    assert done.code in {0, 1, 5}, done.err


def test_a_recipe_that_would_not_read_back_is_not_left_there(cli, table):
    table.rename(columns={"sex": "${env.NO_SUCH}"}).to_csv("loans.csv", index=False)
    done = cli("init", "loans.csv", "--target", "repaid", "--groups", "${env.NO_SUCH}")
    assert done.code == 2
    assert not Path("audit.yaml").exists()


@pytest.mark.parametrize("ci", PLACES)
@pytest.mark.parametrize(
    "name",
    ["x y.yaml", "it's.yaml", "a: b.yaml", "a #b.yaml", "$HOME.yaml", "-x.yaml", "plain.yaml", "sub/x.yaml"],
)
def test_a_recipe_of_any_name_is_one_word_of_the_pipeline(cli, table, ci, name):
    table.to_csv("loans.csv", index=False)
    done = cli("init", "loans.csv", "--target", "repaid", f"--recipe={name}", "--ci", ci)
    assert done.code == 0, done.err
    (command,) = [
        one for one in _texts(yaml.safe_load(Path(PLACES[ci]).read_text())) if one.startswith("auditkit run")
    ]
    assert Path(shlex.split(command)[2]) == Path(name)
    word = shlex.split(done.out.split("\n")[-2])[3]
    assert cli("run", word, "--dry-run").code == 0


def _texts(value):
    if isinstance(value, str):
        return [value]
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in below for text in _texts(one)]


def test_without_a_label_by_name_the_columns_that_it_may_be_are_named(cli, table):
    table.to_csv("loans.csv", index=False)
    done = cli("init", "loans.csv")
    assert done.code == 2
    assert (
        "no column is called like a label; two values have 'sex', 'repaid': name it with --target" in done.err
    )
