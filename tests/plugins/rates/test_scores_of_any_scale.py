"""A score of any scale ranks; only what asks for a probability is not measured."""

import json

import numpy as np
import pandas as pd
import pytest
from command_line import caller


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    return caller(capfd, tmp_path, monkeypatch)


def auc_of(cli, *words):
    done = cli(
        "audit",
        "t.csv",
        "--target",
        "y",
        "--favourable",
        "1",
        "--groups",
        "g",
        "--metrics",
        "auc,brier",
        *words,
        "--json",
    )
    assert done.code == 0, done.err
    report = json.loads(done.out)
    return {(f["metric"], f["group"]): f["value"] for f in report["findings"] if f["compare"] == "absolute"}


def test_a_score_of_another_scale_has_the_areas_of_its_order(cli, tmp_path):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    p = 1 / (1 + np.exp(-(y - 0.5) - rng.normal(0, 1, 400)))
    frame = pd.DataFrame(
        {
            "y": y,
            "p": p,
            "g": rng.choice(["a", "b"], 400),
            "odds": np.log(p / (1 - p)),
            "against": 100 - 100 * p,
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    probability = auc_of(cli, "--score", "p")
    odds = auc_of(cli, "--score", "odds", "--cut", "0")
    against = auc_of(cli, "--score", "against", "--cut", "50", "--score-of", "0")
    for group in ("", "g=a", "g=b"):
        assert odds["auc", group] == pytest.approx(probability["auc", group])
        assert against["auc", group] == pytest.approx(probability["auc", group])
        assert probability["brier", group] is not None
        assert odds.get(("brier", group)) is None
