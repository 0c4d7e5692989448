"""What `auditkit init` reads off a table, and what it leaves to be said."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml


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
