"""Plugin `shasam`: retraining that keeps the target and forgets the sensitive attribute.

For one's own loop: `auditkit_shasam.mining` and `auditkit_shasam.training.MinedBatchSampler` choose rows,
`auditkit_shasam.learning` has the losses, `auditkit_shasam.classifier.ShasamClassifier` is a scikit-learn estimator,
and `auditkit_shasam.saved.load_model` reads what `--save-model` wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Loader, ModelReader, hookimpl
from auditkit_shasam.card import CARD, code_of_card
from auditkit_shasam.steps import Shasam

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from auditkit_shasam.saved import SavedModel


@hookimpl
def auditkit_repairs() -> tuple[type[Shasam], ...]:
    """Provide the repair `shasam`."""
    return (Shasam,)


@hookimpl
def auditkit_models() -> tuple[ModelReader, ...]:
    """Provide the reader of folders that --save-model wrote."""
    return (ModelReader(name="shasam", accepts=_accepts, read=_read, code=code_of_card),)


@hookimpl
def auditkit_loaders() -> tuple[Loader, ...]:
    """Provide `shapes:ROWS[,IMBALANCE[,SEED]]`: drawings with a planted background, to try image repairs on."""
    return (Loader(name="Drawn shapes", scheme="shapes", read=_shapes),)


def _shapes(words: str) -> pd.DataFrame:
    from auditkit_shasam.shapes import load_shapes

    return load_shapes(words)


def _accepts(path: Path) -> bool:
    return (path / CARD).is_file()


def _read(path: Path) -> SavedModel:
    from auditkit_shasam.torch_needed import need_torch

    need_torch()
    from auditkit_shasam.saved import load_model

    return load_model(path, allow_code=True)  # what code_of_card names was agreed to before
