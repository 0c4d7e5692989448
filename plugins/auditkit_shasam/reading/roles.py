"""What a subject's columns mean to the network: its target, its features, the shape of its rows, and their cells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit import label_text
from auditkit_shasam.mining import Cells, make_cells

if TYPE_CHECKING:
    from auditkit import Attribute, Subject


def shape_of(subject: Subject, *, image_size: int) -> tuple[int, ...]:
    """Return the shape of a row of images or embeddings; of a table's it is not known yet: ()."""
    if subject.images is not None:
        return (3, image_size, image_size)
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
    return replace(subject, table=table, target=name, outcome=None, features=features)


def cells_of(subject: Subject, attribute: Attribute) -> Cells:
    """Return every row's class and group."""
    names = tuple(f"{subject.target}={label}" for label in subject.classes)
    return make_cells(subject.truth, attribute.codes, target_names=names, sensitive_names=attribute.groups)
