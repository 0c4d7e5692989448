"""Plugin `repairs`: cuts by group, weights, drawn rows, a last layer on balanced rows: repairs that take seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import ModelReader, hookimpl
from auditkit_repairs.card import CARD
from auditkit_repairs.steps import Dfr, Resample, Reweigh, Thresholds

if TYPE_CHECKING:
    from pathlib import Path

    from auditkit_repairs.linear.model import LinearModel


@hookimpl
def auditkit_repairs() -> tuple[type[Thresholds] | type[Reweigh] | type[Resample] | type[Dfr], ...]:
    """Provide the repairs `thresholds`, `reweigh`, `resample` and `dfr`."""
    return (Thresholds, Reweigh, Resample, Dfr)


@hookimpl
def auditkit_models() -> tuple[ModelReader, ...]:
    """Provide the reader of folders that --save-model wrote."""
    return (ModelReader(name="linear", accepts=_accepts, read=_read),)


def _accepts(path: Path) -> bool:
    return (path / CARD).is_file()


def _read(path: Path) -> LinearModel:
    from auditkit_repairs.linear.model import load_model

    return load_model(path)
