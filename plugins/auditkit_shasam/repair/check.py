"""What can be refused before a minute of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError, UsageError
from auditkit.labels import class_codes
from auditkit_shasam.mining import Cells, make_cells
from auditkit_shasam.repair.attributes import Attribute, attributes_of, crossed
from auditkit_shasam.training.settings import SET_LOSSES

if TYPE_CHECKING:
    from auditkit import Subject
    from auditkit_shasam.declare import ShasamParams


def check(subject: Subject, params: ShasamParams) -> None:
    """Raise UsageError or DataError if this subject cannot be retrained with these parameters."""
    subject.need_target()
    if subject.task == "regression":
        message = f"shasam needs a target of classes; '{subject.target}' is a number"
        raise UsageError(message)
    if len(subject.classes) < 2:
        message = f"target '{subject.target}' has one class only; there is nothing to learn"
        raise DataError(message)
    if not features_of(subject):
        message = f"{subject.source} has no feature to learn from; name some with --features"
        raise DataError(message)
    cells = cells_of(subject, crossed(attributes_of(subject, quantiles=params.quantiles)))
    if params.loss in SET_LOSSES:
        cells.pairs(params.k)
    if ":" not in params.encoder:
        from auditkit_shasam.training import build_encoder

        build_encoder(params.encoder, (1,), features=2)


def features_of(subject: Subject) -> tuple[str, ...]:
    """Return the columns that the network may read: the features without the sensitive ones."""
    return tuple(name for name in subject.features if name not in subject.sensitive)


def cells_of(subject: Subject, attribute: Attribute) -> Cells:
    """Return every row's class and group."""
    target, _ = class_codes(subject.column(subject.need_target()), subject.classes)
    names = tuple(f"{subject.target}={label}" for label in subject.classes)
    groups = tuple(label if " & " in label else f"{attribute.name}={label}" for label in attribute.labels)
    return make_cells(target.astype(np.int64), attribute.codes, target_names=names, sensitive_names=groups)
