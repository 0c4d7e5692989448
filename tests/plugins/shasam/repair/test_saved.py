"""A repaired model on disk: the same numbers in another process, and one sentence where it is damaged."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from plugins.shasam.repair.conftest import QUICK, TABLE, repaired, value_of

from auditkit import DataError
from auditkit_shasam.saved import load_model


@pytest.mark.slow
def test_a_saved_model_gives_the_same_numbers_in_a_new_process(tmp_path, plain):
    folder, rows = tmp_path / "model", tmp_path / "rows.parquet"
    subject = plain[0].subject
    subject.model.save(folder)
    TABLE.to_parquet(rows)
    code = (
        "import sys, pandas as pd; from auditkit_shasam.saved import load_model; "
        "model = load_model(sys.argv[1]); table = pd.read_parquet(sys.argv[2]); "
        "print(repr(model.predict_proba(table)[:, 1].tolist()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(rows)], capture_output=True, text=True, check=True
    )
    np.testing.assert_array_equal(json.loads(done.stdout), subject.column(subject.score))
    card = json.loads((folder / "card.json").read_text("utf-8"))
    assert card["sensitive"] == ["sex"]
    assert card["data"]["rows"] == len(TABLE)
    saved = {(m["metric"], m["group"]): m["value"] for m in card["metrics"]}
    assert saved[("accuracy", "")] == value_of(plain[0].findings, "accuracy", 1).value
    assert {path.name for path in folder.iterdir()} == {"model.safetensors", "card.json"}


def test_the_model_is_written_where_asked_and_the_predictions_are_handed_back(tmp_path):
    found, ledger = repaired(params=replace(QUICK, runs=1, save_model=str(tmp_path / "m")))
    assert load_model(tmp_path / "m").classes == ("no", "yes")
    assert found.result["pred"].tolist() == found.subject.column("shasam_pred").tolist()
    assert any("was saved in" in note for note in ledger.notes)


def test_a_damaged_model_is_one_sentence(tmp_path, plain):
    folder = plain[0].subject.model.save(tmp_path)
    with pytest.raises(DataError, match="cannot be read"):
        load_model(tmp_path / "nothing")
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[:-9])
    with pytest.raises(DataError, match="changed or cut off"):
        load_model(folder)
    (folder / "model.safetensors").write_bytes(weights)
    text = (folder / "card.json").read_text("utf-8")
    for broken, words in (
        ("{", "is not JSON"),
        ("[]", "has no 'format'"),
        (text.replace('"format": 2', '"format": 9'), "has format 9"),
        (text.replace('"features": 256', '"features": 8'), "does not hold the weights of this model"),
        (text.replace('"features": 256', '"features": 900000'), r"and the card tells of \[900000"),
        (text.replace('"features": 256', '"features": 900000000000'), "too large"),
        (text.replace('"features": 256', '"features": "256"'), "of another type"),
        (text.replace('"features": 256', '"features": true'), "of another type"),
        (text.replace('"features": 256', '"features": -1'), "of another type"),
        (text.replace('"centre"', '"center"', 1), "does not describe a model: .*'center'"),
        (text.replace('"source": "', '"source": 3, "of": "', 1), "does not describe a model"),
        (re.sub(r'"columns": \[.*?\]', '"columns": 3', text, flags=re.DOTALL), "does not describe a model"),
        *(
            (
                re.sub(r'"classes": \[.*?\]', f'"classes": {classes}', text, flags=re.DOTALL),
                "does not describe a model",
            )
            for classes in ("[]", '["a"]', '["a", "a"]', "[null, 1]")
        ),
        (re.sub(r'"scale": [^,}]*', '"scale": NaN', text, count=1), "does not describe a model"),
        (re.sub(r'"shape": \[.*?\]', '"shape": [[2]]', text, flags=re.DOTALL), "of another type"),
        (re.sub(r'"classes": \[.*?\]', '"classes": "ab"', text, flags=re.DOTALL), "of another type"),
        (re.sub(r'"reads": "\w+"', '"reads": "mind"', text), "of another type"),
    ):
        (folder / "card.json").write_text(broken, "utf-8")
        with pytest.raises(DataError, match=words):
            load_model(folder)


def test_a_model_refuses_a_table_without_its_columns(plain):
    with pytest.raises(DataError, match="reads column 'skill', which the table does not have"):
        plain[0].subject.model.predict(TABLE.drop(columns="skill"))
    with pytest.raises(DataError, match="column 'skill' has 1 missing values"):
        plain[0].subject.model.predict(TABLE.assign(skill=TABLE["skill"].where(TABLE.index > 0)))


def test_a_level_that_was_never_seen_is_none_of_the_levels(plain):
    model = plain[0].subject.model
    assert np.isfinite(model.predict_proba(TABLE.assign(town="elsewhere"))).all()
