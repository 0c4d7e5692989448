"""Plugin `repairs`: cuts by group, weights, drawn rows, a last layer on balanced rows: repairs that take seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import ModelReader, hookimpl
from auditkit_repairs.card import CARD, CUTS
from auditkit_repairs.steps import Dfr, Resample, Reweigh, Thresholds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from auditkit_repairs.linear.model import LinearModel
    from auditkit_repairs.rule.decide import CutRule


@hookimpl
def auditkit_repairs() -> tuple[type[Thresholds] | type[Reweigh] | type[Resample] | type[Dfr], ...]:
    """Provide the repairs `thresholds`, `reweigh`, `resample` and `dfr`."""
    return (Thresholds, Reweigh, Resample, Dfr)


@hookimpl
def auditkit_models() -> tuple[ModelReader, ...]:
    """Provide the readers of folders that --save-model wrote."""
    return (
        ModelReader(name="linear", accepts=_has(CARD), read=_read_linear),
        ModelReader(name="cuts", accepts=_has(CUTS), read=_read_cuts),
    )


def _has(card: str) -> Callable[[Path], bool]:
    return lambda path: (path / card).is_file()


def _read_linear(path: Path) -> LinearModel:
    from auditkit_repairs.linear.model import load_model

    return load_model(path)


def _read_cuts(path: Path) -> CutRule:
    from auditkit_repairs.rule.saved import load_rule

    return load_rule(path)
