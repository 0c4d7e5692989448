"""What can be refused before a minute of training, and the cells that it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError, UsageError, class_codes, label_text
from auditkit_shasam.mining import Cells, make_cells
from auditkit_shasam.repair.attributes import Attribute, attributes_of, crossed
from auditkit_shasam.repair.inputs import kind_of
from auditkit_shasam.repair.variants import variants
from auditkit_shasam.training.settings import SET_LOSSES

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
        if variant.loss in SET_LOSSES:
            cells.pairs(variant.k)
    # The width of a table is known only when training rows are chosen: a factory for tables is called then.
    if kind != "table" or ":" not in params.encoder:
        from auditkit_shasam.training import build_encoder

        build_encoder(params.encoder, shape_of(subject, params) or (1,), features=2)


def shape_of(subject: Subject, params: ShasamParams) -> tuple[int, ...]:
    """Return the shape of a row of images or embeddings; of a table's it is not known yet: ()."""
    if subject.images is not None:
        return (3, params.image_size, params.image_size)
    return () if subject.embeddings is None else (int(subject.embeddings.shape[1]),)


def features_of(subject: Subject) -> tuple[str, ...]:
    """Return the columns that the network may read: the features without the sensitive ones."""
    return tuple(name for name in subject.features if name not in subject.sensitive)


def paired(subject: Subject, second: str | None) -> Subject:
    """Return the subject with the pairs of its target and a second column as its target, or as it is."""
    if second is None:
        return subject
    first = subject.need_target()
    values = [subject.column(name).map(label_text, na_action="ignore") for name in (first, second)]
    name = f"{first} & {second}"
    pairs = (values[0] + " & " + values[1]).where(values[0].notna() & values[1].notna())
    features = tuple(feature for feature in subject.features if feature != second)
    table = subject.table.assign(**{name: pairs})
    return replace(subject, table=table, target=name, positive=None, features=features)


def cells_of(subject: Subject, attribute: Attribute) -> Cells:
    """Return every row's class and group."""
    target, _ = class_codes(subject.column(subject.need_target()), subject.classes)
    names = tuple(f"{subject.target}={label}" for label in subject.classes)
    groups = tuple(label if " & " in label else f"{attribute.name}={label}" for label in attribute.labels)
    return make_cells(target.astype(np.int64), attribute.codes, target_names=names, sensitive_names=groups)
