"""The repair by the command line: bad input ends in one sentence, and a saved model audits to the same numbers."""

import json
import subprocess
import sys
from dataclasses import astuple

import numpy as np
import pytest
from command_line import caller
from plugins.shasam.small import leaky_table

HERE = "plugins.shasam.encoders"
QUICK = (
    "--positive", "yes", "--split", "split", "--ignore", "age", "--epochs", "1", "--runs", "1", "--k", "4",
)  # fmt: skip


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    call = caller(capfd, tmp_path, monkeypatch)
    leaky_table().to_csv("t.csv", index=False)
    return lambda *words: astuple(call(*words))


def repair(*words, target="hired", sensitive="sex"):
    given = ("repair", "t.csv", "--with", "shasam", "--target", target, "--sensitive", sensitive)
    quick = [pair for pair in zip(QUICK[::2], QUICK[1::2], strict=True) if pair[0] not in words]
    return (*given, *(word for pair in quick for word in pair), *words)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (repair("--k", 0), 2, "k"),
        (repair("--k", 400), 4, "no target class and sensitive group have 400 anchors"),
        (repair("--encoder", f"{HERE}:not_a_module"), 2, "made a str, not a torch.nn.Module"),
        (repair("--encoder", f"{HERE}:exploding"), 4, "training failed: the loss or its gradient was not finite at step 1"),
        (repair("--encoder", f"{HERE}:exploding", "--loss", "logdetcmi"), 4, "the loss or its gradient was not finite at step 1"),
        (repair("--encoder", "resnet18"), 2, "resnet18 encoder reads images"),
        (repair("--loss", "fair"), 2, "fair"),
        (repair("--loss", "fscl", "--device", "mps"), 2, "float64, which mps does not have"),
        (repair("--device", "tpu"), 2, "tpu"),
        (repair("--compare", "loss=fair"), 2, "loss cannot be 'fair'"),
        (repair("--versus", "Mail"), 2, "did you mean 'Male'"),
        (repair(sensitive="sexx"), 4, "did you mean 'sex'"),
        (repair("--target-pair", "twon"), 4, "did you mean 'town'"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(cli, words, code, sentence):
    found, out, err = cli(*words)
    assert found == code, err
    assert sentence in err
    assert len(err.strip().splitlines()) <= 4
    assert "Traceback" not in err
    assert not out


def test_one_class_is_refused(cli):
    leaky_table().assign(hired="yes").to_csv("t.csv", index=False)
    code, _, err = cli(*repair())
    assert code == 4
    assert "has one value only" in err


def test_a_class_of_one_group_only_leaves_nothing_to_mine(cli):
    table = leaky_table()
    table[(table["sex"] == "Male") == (table["hired"] == "yes")].to_csv("t.csv", index=False)
    code, _, err = cli(*repair())
    assert code == 4
    assert "every group would have to hold two classes, and every class two groups" in err


def test_a_loss_that_stops_being_finite_keeps_the_last_good_weights(cli):
    code, out, err = cli(*repair("--encoder", f"{HERE}:exploding_later", "--epochs", 30, "--k", 16, "--json"))
    assert code == 0, err
    notes = json.loads(out)["notes"]
    assert any("stopped early: the loss or its gradient was not finite at step" in note for note in notes)


def test_a_corrupt_model_is_one_sentence(cli, tmp_path):
    assert cli(*repair("--save-model", "m"))[0] == 0
    audit = ("audit", "t.csv", "--target", "hired", "--model", "m", "--groups", "sex")
    (tmp_path / "m" / "model.safetensors").write_bytes(b"junk")
    code, _, err = cli(*audit)
    assert code == 4
    assert "was changed or cut off" in err
    (tmp_path / "m" / "card.json").write_text("{")
    assert "is not JSON" in cli(*audit)[2]


@pytest.mark.slow
def test_the_saved_model_audits_to_the_repairs_numbers_in_a_new_process(cli, tmp_path):
    code, out, err = cli(*repair("--save-model", "m", "-o", "p.csv", "--json"))
    assert code == 0, err
    said = {(f["metric"], f["group"]): f["value"] for f in json.loads(out)["findings"] if f["stage"] == 1}
    table = leaky_table()
    table[table["split"] == "test"].to_csv(tmp_path / "held.csv", index=False)
    words = ["audit", "held.csv", "--target", "hired", "--positive", "yes", "--model", "m", "--groups", "sex"]
    program = "from auditkit.cli.app import main; main()"
    command = [
        sys.executable,
        "-c",
        program,
        *words,
        "--metrics",
        "accuracy,tpr,fpr,selection_rate",
        "--json",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    again = {
        (f["metric"], f["group"]): f["value"]
        for f in json.loads(done.stdout)["findings"]
        if f["compare"] == "absolute"
    }
    for metric in ("accuracy", "tpr", "fpr", "selection_rate"):
        for group in ("sex=Female", "sex=Male"):
            assert again[(metric, group)] == pytest.approx(said[(metric, group)], abs=1e-12)
    gaps = [abs(again[(m, "sex=Female")] - again[(m, "sex=Male")]) for m in ("tpr", "fpr")]
    assert np.mean(gaps) == pytest.approx(said[("equalized_odds_mean", "sex")], abs=1e-12)
