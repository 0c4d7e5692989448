"""An encoder that starts from weights of a file."""

import pytest
import torch
from plugins.shasam.small import leaky_rows, leaky_table, subject_of

from auditkit import UsageError
from auditkit_shasam.mining import Mining
from auditkit_shasam.params import ShasamParams
from auditkit_shasam.steps import Shasam
from auditkit_shasam.training import Settings, fit


def test_training_goes_from_the_weights_of_the_file(tmp_path):
    file = str(tmp_path / "w.pt")
    torch.save({"0.weight": torch.zeros(8, 6), "0.bias": torch.zeros(8)}, file)
    quick = {"mining": Mining(k=4), "epochs": 1, "classifier_epochs": 1, "loss": "ce"}
    rows, held = leaky_rows(200), leaky_rows(80, seed=1)
    losses = [
        fit(rows, held, encoder="plugins.shasam.encoders:narrow", seed=3, settings=Settings(**quick, **more))
        .first.epochs[0]
        .loss
        for more in ({}, {"encoder_weights": file})
    ]
    assert losses[0] != losses[1]


def test_a_built_in_encoder_takes_no_weights():
    with pytest.raises(UsageError, match="for an encoder named module:factory, not for mlp"):
        Shasam().check(subject_of(leaky_table()), ShasamParams(encoder="mlp", encoder_weights="w.pt"))
