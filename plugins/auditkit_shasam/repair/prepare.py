"""Everything that training and measuring need, aligned with the subject's rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import (
    Division,
    attributes_of,
    crossed,
    divide,
    fit_columns,
)
from auditkit.measures import HeldOut
from auditkit_shasam.reading.inputs import Reading, inputs_of, kind_of
from auditkit_shasam.reading.roles import cells_of, features_of, shape_of
from auditkit_shasam.reading.rows import unbalanced
from auditkit_shasam.training import Rows, settings_of

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from auditkit import Attribute, Context, Subject
    from auditkit_shasam.mining import Cells
    from auditkit_shasam.params import ShasamParams


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared:
    """A subject's cells, attributes to measure by, parts, and inputs [n, ...] with how they were read."""

    cells: Cells
    attributes: tuple[Attribute, ...]
    division: Division
    reading: Reading
    inputs: torch.Tensor

    def rows(self, part: NDArray[np.intp]) -> Rows:
        """Return the rows of one part of the division."""
        return Rows(self.inputs[part], self.cells.take(part))


def prepare(subject: Subject, params: ShasamParams, context: Context) -> Prepared:
    """Return the prepared subject; notes say which rows and cells take no part."""
    attributes = attributes_of(subject, quantiles=params.quantiles, versus=params.versus)
    for attribute in attributes:
        if attribute.note:
            context.say(attribute.note)
    joined = crossed(attributes)
    cells = cells_of(subject, joined)
    division = divide(
        subject,
        cells.target,
        sensitive=cells.sensitive,
        held_out=params.held_out,
        rng=context.rng("division"),
    )
    if params.imbalance is not None:
        rng = context.rng("imbalance")
        division = unbalanced(division, cells, imbalance=params.imbalance, rng=rng)
        context.say(
            f"Training rows were drawn so that each group has one class {params.imbalance:g} times as often as the "
            "other, held-out rows so that all cells are as large: a trial, not this data as it is."
        )
    settings, train = settings_of(params), cells.take(division.train)
    if settings.by_sets:
        train.pairs(params.k)
        for i, j in train.left_out(params.k):
            what = f"mining with anchors of {cells.target_names[i]}, {cells.sensitive_names[j]}"
            n = int(train.counts[i, j])
            why = f"fewer than k = {params.k} training rows as anchors, positives or negatives"
            context.skip(what, why, n=n, rows_needed=params.k)
    reading = _reading(subject, params, division)
    parts = f"{len(division.train):,} rows to learn from, {len(division.validation):,} to stop by"
    context.say(f"Every number of shasam is of {len(division.test):,} held-out rows ({parts}).")
    return Prepared(
        cells=cells,
        attributes=(*attributes, joined) if len(attributes) > 1 else attributes,
        division=division,
        reading=reading,
        inputs=inputs_of(subject, reading, context),
    )


def held_out(subject: Subject, prepared: Prepared) -> HeldOut:
    """Return the truth, the groups and the weights of the rows that are measured on."""
    test = prepared.division.test
    weights = (
        None if subject.weight is None else subject.column(subject.weight).to_numpy(dtype=np.float64)[test]
    )
    return HeldOut(
        truth=prepared.cells.target[test],
        classes=tuple(str(label) for label in subject.classes),
        attributes=tuple(replace(a, codes=a.codes[test]) for a in prepared.attributes),
        weights=weights,
    )


def _reading(subject: Subject, params: ShasamParams, division: Division) -> Reading:
    kind = kind_of(subject)
    if kind != "table":
        return Reading(kind=kind, shape=shape_of(subject, image_size=params.image_size))
    columns = fit_columns(subject, division.train, names=features_of(subject))
    return Reading(kind=kind, shape=(len(columns),), columns=columns)
