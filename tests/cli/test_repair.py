"""A repair by the command line: its table, its model, and the audit of that model in another run."""

import json

import numpy as np
import pandas as pd
import pytest

QUICK = ["--with", "shasam", "--sensitive", "sex", "--epochs", "1", "--runs", "1", "--mining", "random"]


def test_a_repair_writes_predictions_and_a_model_that_audits_to_the_same_numbers(cli):
    done = cli(
        "repair", "german_credit", *QUICK, "-o", "p.csv", "-o", "r.json", "--save-model", "m", "--json"
    )
    assert done.code == 0, done.err
    written = pd.read_csv("p.csv")
    assert list(written) == ["row", "split", "pred", "score"]
    assert len(written) == 1000
    audited = cli(
        "audit", "german_credit", "--model", "m", "--groups", "sex", "--metrics", "selection_rate", "--json"
    )
    assert audited.code == 0, audited.err
    found = {
        f["group"]: f["value"] for f in json.loads(audited.out)["findings"] if f["compare"] == "absolute"
    }
    table = pd.read_csv("p.csv")
    assert found[""] == pytest.approx(np.mean(table["pred"] == 1), abs=1e-12)


def test_only_a_repair_writes_a_table(cli, tmp_path):
    done = cli("audit", "german_credit", "--groups", "sex", "-o", "p.csv")
    assert done.code == 2
    assert "only a repair hands back a table" in done.err
    assert not list(tmp_path.glob("*.csv"))
