"""The settings that parameters ask for, and those of the plain training that they are compared with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit import UsageError, device_for, devices_here
from auditkit_shasam.mining import mining_of
from auditkit_shasam.training.settings import IN_DOUBLE, Settings

if TYPE_CHECKING:
    from auditkit_shasam.params import ShasamParams


def settings_of(params: ShasamParams) -> Settings:
    """Return what training depends on, as declared by the step's parameters."""
    return Settings(
        loss=params.loss,
        form=params.form,
        joint=params.joint,
        mining=mining_of(params),
        batches=params.batches,
        ground_set=params.ground_set,
        refresh=params.refresh,
        epochs=params.epochs,
        patience=params.patience,
        learning_rate=params.learning_rate,
        temperature=params.temperature,
        balance=params.balance,
        encoder_weights=params.encoder_weights,
        device=_device(params),
    )


def _device(params: ShasamParams) -> str:
    """Return where to train; raise UsageError for a device that is not here, or that the loss cannot be computed on."""
    there = devices_here()
    if params.loss in IN_DOUBLE:
        if params.device == "mps":
            message = f"loss {params.loss} is computed in float64, which mps does not have: --device cpu"
            raise UsageError(message)
        there = tuple(name for name in there if name != "mps")
    return device_for(params.device, there)


def plain_settings(settings: Settings) -> Settings:
    """Return the settings of a plain training: cross-entropy on rows as they are, all else the same."""
    return replace(
        settings, loss="ce", balance="rows", batches="cells"
    )  # ce shuffles all rows whatever they say
