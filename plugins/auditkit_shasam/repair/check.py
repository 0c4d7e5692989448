"""What can be refused before a minute of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import DataError, UsageError, attributes_of, crossed
from auditkit_shasam.reading.inputs import kind_of
from auditkit_shasam.reading.roles import cells_of, features_of, paired, shape_of
from auditkit_shasam.repair.variants import variants
from auditkit_shasam.training import settings_of

if TYPE_CHECKING:
    from auditkit import Subject
    from auditkit_shasam.params import ShasamParams


def check(subject: Subject, params: ShasamParams) -> None:
    """Raise UsageError or DataError if this subject cannot be retrained with these parameters."""
    subject = paired(subject, params.target_pair)
    subject.need_target()
    if subject.task == "regression":
        message = f"shasam needs a target of classes; '{subject.target}' is a number"
        raise UsageError(message)
    if len(subject.classes) < 2:
        message = f"target '{subject.target}' has one class only; there is nothing to learn"
        raise DataError(message)
    kind = kind_of(subject)
    if kind == "table" and not features_of(subject):
        message = f"{subject.source} has no feature to learn from; name some with --features"
        raise DataError(message)
    joined = crossed(attributes_of(subject, quantiles=params.quantiles, versus=params.versus))
    cells = cells_of(subject, joined)
    if params.imbalance is not None and cells.counts.shape != (2, 2):
        classes, groups = cells.counts.shape
        message = (
            f"imbalance needs two classes and two groups, there are {classes} and {groups}; see --versus"
        )
        raise UsageError(message)
    for variant in (params, *variants(params).values()):
        if settings_of(variant).by_sets:
            cells.pairs(variant.k)
    if params.encoder_weights is not None and ":" not in params.encoder:
        message = f"--encoder-weights are for an encoder named module:factory, not for {params.encoder}"
        raise UsageError(message)
    # The width of a table is known only when training rows are chosen: a factory for tables is called then.
    if kind != "table" or ":" not in params.encoder:
        from auditkit_shasam.training import build_encoder

        build_encoder(params.encoder, shape_of(subject, image_size=params.image_size) or (1,), features=2)
