"""Saved models by the command line: each loads again with --model, and a saved encoder is what dfr stands on."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from command_line import caller
from plugins.repairs.test_repairs import REPAIRS, table_of
from plugins.shasam.small import leaky_table, subject_of
from sklearn.linear_model import LogisticRegression

from auditkit import Stats
from auditkit.testing import make_context
from auditkit_repairs.params import DfrParams
from auditkit_repairs.steps import Dfr
from auditkit_shasam.params import ShasamParams
from auditkit_shasam.saved import load_model
from auditkit_shasam.steps import Shasam


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    return caller(capfd, tmp_path, monkeypatch)


@pytest.mark.parametrize("name", REPAIRS)
def test_what_is_saved_loads_by_model_and_predicts_the_held_out_rows(cli, tmp_path, name):
    table = table_of(1500)
    table.to_csv("t.csv", index=False)
    roles = ("--target", "hired", "--positive", "yes", "--features", "skill,proxy", "--id", "person")
    made = cli(
        "repair", "t.csv", "--with", name, *roles, "--sensitive", "sex", "--save-model", "m", "-o", "p.csv"
    )
    assert made.code == 0, made.err
    file = pd.read_csv("p.csv")
    held = file["split"] == "test"
    table[held.to_numpy()].to_csv("held.csv", index=False)
    done = cli(
        "audit", "held.csv", *roles, "--groups", "sex", "--model", "m", "--metrics", "accuracy,tpr", "--json"
    )
    assert done.code == 0, done.err
    found = {
        f["group"]: f["value"]
        for f in done.report["findings"]
        if f["metric"] == "accuracy" and f["compare"] == "absolute"
    }
    right = (file["pred"] == table["hired"])[held]
    assert found["sex=Male"] == pytest.approx(right[table["sex"] == "Male"].mean())
    assert found["sex=Female"] == pytest.approx(right[table["sex"] == "Female"].mean())


def test_a_stranger_to_the_saved_cuts_is_one_sentence(cli):
    table_of(1500).to_csv("t.csv", index=False)
    roles = ("--target", "hired", "--positive", "yes", "--features", "skill,proxy")
    assert (
        cli("repair", "t.csv", "--with", "thresholds", *roles, "--sensitive", "sex", "--save-model", "m").code
        == 0
    )
    table_of(300).replace({"sex": {"Male": "Man"}}).to_csv("new.csv", index=False)
    done = cli("audit", "new.csv", *roles, "--groups", "sex", "--model", "m")
    assert done.code == 4
    assert "are in no group that has cuts: those were found for sex=Female, sex=Male" in done.err
    assert len(done.err.strip().splitlines()) <= 2
    done = cli(
        "repair",
        "t.csv",
        "--with",
        "thresholds",
        *roles,
        "--sensitive",
        "sex",
        "--randomise",
        "--save-model",
        "n",
    )
    assert done.code == 2
    assert "thresholds cannot save these cuts: chance goes by the number of the row; name an --id" in done.err


def test_dfr_on_a_saved_encoder_is_logistic_regression_on_its_features(tmp_path):
    table = leaky_table()
    quick = ShasamParams(epochs=1, runs=1, k=4, balance="cells", save_model=str(tmp_path / "m"))
    Shasam().apply(subject_of(table), quick, make_context(step="shasam", stats=Stats(seed=0)))
    encoder = load_model(tmp_path / "m")
    subject = replace(subject_of(table), model=encoder)
    params = DfrParams(draws=1)
    Dfr().check(subject, params)
    context = make_context(step="dfr", stats=Stats(seed=0, bootstrap=200))
    found = Dfr().apply(subject, params, context)

    features = encoder.embed(table)
    learned = found.learned
    cells = table.groupby(["sex", "hired"]).ngroup().to_numpy()
    fewest = np.bincount(cells[learned]).min()
    scaled = (features - features[learned].mean(0)) / np.where(
        features[learned].std(0) > 0, features[learned].std(0), 1
    )
    again = make_context(step="dfr", stats=Stats(seed=0)).rng("rows")
    places = np.flatnonzero(learned)
    drawn = np.concatenate(
        [
            again.choice(
                places[(table["sex"] == sex)[learned] & (table["hired"] == hired)[learned]],
                fewest,
                replace=False,
            )
            for sex in ("Female", "Male")
            for hired in ("no", "yes")
        ]
    )
    peer = LogisticRegression(C=1.0, tol=1e-10, solver="newton-cholesky").fit(
        scaled[drawn], table["hired"].iloc[drawn] == "yes"
    )
    np.testing.assert_allclose(peer.predict_proba(scaled)[:, 1], found.result["score"], atol=1e-4)
    before = next(f.value for f in found.findings if f.metric == "accuracy" and f.stage == 0)
    own = encoder.predict(table)
    assert before == pytest.approx((own == table["hired"])[~learned].mean())
