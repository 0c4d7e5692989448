"""Two-stage training: an encoder by a loss of choice, then a classifier on its frozen features. Loads torch."""

from __future__ import annotations

from auditkit_shasam.mining.sampler import MinedBatchSampler
from auditkit_shasam.training.asked import plain_settings, settings_of
from auditkit_shasam.training.encoders.named import Network, build_encoder, encoder_for
from auditkit_shasam.training.fit import Fitted, fit
from auditkit_shasam.training.rows import Rows
from auditkit_shasam.training.settings import Settings

__all__ = [
    "Fitted",
    "MinedBatchSampler",
    "Network",
    "Rows",
    "Settings",
    "build_encoder",
    "encoder_for",
    "fit",
    "plain_settings",
    "settings_of",
]
