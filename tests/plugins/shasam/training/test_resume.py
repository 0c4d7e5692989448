"""An interrupt loses no more than the epoch it falls into, and going on leads to the same model."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from plugins.shasam.small import leaky_rows, leaky_table, subject_of

from auditkit.testing import make_context
from auditkit_shasam.mining import Mining
from auditkit_shasam.params import ShasamParams
from auditkit_shasam.steps import Shasam
from auditkit_shasam.training import Settings, fit
from auditkit_shasam.training.checkpoint import Checkpoint
from auditkit_shasam.training.first_stage import EncoderTraining

TRAIN, VALIDATION = leaky_rows(400), leaky_rows(120, seed=1)
QUICK = Settings(mining=Mining(k=4), epochs=5, classifier_epochs=2, features=16, projection=8, ground_set=0.5)


def trained(settings, keep=None):
    return fit(TRAIN, VALIDATION, encoder="mlp", settings=settings, seed=3, keep=keep)


def interrupt_in_epoch(monkeypatch, number):
    whole, seen = EncoderTraining._epoch, []

    def epoch(self):
        seen.append(1)
        if len(seen) == number:
            raise InterruptedError
        return whole(self)

    monkeypatch.setattr(EncoderTraining, "_epoch", epoch)


@pytest.mark.parametrize("loss", ["flcmi", "grl"])
def test_training_goes_on_after_its_last_whole_epoch_to_the_same_model(tmp_path, monkeypatch, loss):
    settings = replace(QUICK, loss=loss)
    straight = trained(settings)
    with monkeypatch.context() as patched:
        interrupt_in_epoch(patched, 4)
        with pytest.raises(InterruptedError):
            trained(settings, tmp_path / "run.pt")
    again = trained(settings, tmp_path / "run.pt")
    assert (straight.first.found, again.first.found) == (0, 3)
    assert [e.loss for e in again.first.epochs] == [e.loss for e in straight.first.epochs]
    inputs = VALIDATION.inputs
    np.testing.assert_array_equal(again.probabilities(inputs), straight.probabilities(inputs))


def test_finished_training_is_not_done_again(tmp_path, monkeypatch):
    first = trained(QUICK, tmp_path / "run.pt")
    interrupt_in_epoch(monkeypatch, 1)  # would raise if an epoch began
    again = trained(QUICK, tmp_path / "run.pt")
    assert again.first.found == len(first.first.epochs)
    np.testing.assert_array_equal(
        again.probabilities(VALIDATION.inputs), first.probabilities(VALIDATION.inputs)
    )


def test_a_checkpoint_that_cannot_be_read_counts_as_none(tmp_path):
    checkpoint = Checkpoint(tmp_path / "run.pt")
    assert checkpoint.read() is None
    checkpoint.write({"x": torch.ones(2), "n": [1, "a"]})
    assert checkpoint.read()["n"] == [1, "a"]
    (tmp_path / "run.pt").write_bytes((tmp_path / "run.pt").read_bytes()[:50])
    assert checkpoint.read() is None
    assert trained(QUICK, tmp_path / "run.pt").first.found == 0


def test_a_repair_says_from_which_epoch_it_went_on(tmp_path):
    params = ShasamParams(k=4, epochs=2, runs=1, ground_set=0.5, mining="random")
    subject = subject_of(leaky_table())
    first, second = (make_context(step="shasam", work=tmp_path) for _ in range(2))
    found = [Shasam().apply(subject, params, ledger).findings for ledger in (first, second)]
    assert found[0] == found[1]
    assert not any("went on" in note for note in first.ledger.notes)
    assert "Training of retraining, run 1, went on after epoch 2." in second.ledger.notes


@pytest.mark.slow
def test_ctrl_c_keeps_the_last_epoch_and_resume_goes_on_to_the_same_report(tmp_path):
    leaky_table(2500).to_csv(tmp_path / "t.csv", index=False)
    words = [
        "repair",
        "t.csv",
        "--with",
        "shasam",
        "--target",
        "hired",
        "--positive",
        "yes",
        "--split",
        "split",
        "--sensitive",
        "sex",
        "--ignore",
        "age",
        "--mining",
        "random",
        "--runs",
        "1",
        "--epochs",
        "12",
        "--ground-set",
        "1",
        "--loss",
        "ce",
        "--json",
    ]
    command = [sys.executable, "-c", "from auditkit.cli.app import main; main()", *words]

    def home(name):
        return os.environ | {"AUDITKIT_HOME": str(tmp_path / name), "OMP_NUM_THREADS": "1"}

    def numbers(text):
        return [(f["metric"], f["stage"], f["group"], f["value"]) for f in json.loads(text)["findings"]]

    straight = subprocess.run(
        command, cwd=tmp_path, env=home("a"), capture_output=True, text=True, check=True
    )
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=home("b"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A test run in the background ignores Ctrl-C, and so would its child.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "b").glob("unfinished/*/shasam/*.pt")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    assert list((tmp_path / "b").glob("unfinished/*/shasam/*.pt"))
    resumed = subprocess.run(
        [*command, "--resume"], cwd=tmp_path, env=home("b"), capture_output=True, text=True, check=True
    )
    assert numbers(resumed.stdout) == numbers(straight.stdout)
    assert any("went on after epoch" in note for note in json.loads(resumed.stdout)["notes"])
    assert not list((tmp_path / "b").glob("unfinished/*/shasam/*.pt"))
