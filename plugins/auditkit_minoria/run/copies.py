"""Rows that are copies of others: they are mined and confirmed by at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import doubles_beyond_chance

if TYPE_CHECKING:
    from auditkit_minoria.features.material import Material


def note_of_copies(material: Material) -> str:
    """Return a note if many rows equal an earlier one, beyond chance, and how many are on both sides; else ""."""
    subject = material.subject
    if subject.cluster is not None:  # that it is not read is said for every such step
        return ""
    table = subject.table if subject.split is None else subject.table.drop(columns=subject.split)
    rows, place, least = doubles_beyond_chance(table)
    repeats = len(rows) - len(np.unique(place))
    if repeats < least:
        return ""
    mined = np.isin(place, place[material.mining[rows]])
    both, judges = int((mined & material.judges[rows]).sum()), int(material.judges.sum())
    said = f"{repeats:,} of {len(subject):,} rows are exact copies of others"
    if not both or material.loss is None:
        return f"{said}, and count as rows of their own: intervals are too narrow. Leave copies out."
    return (
        f"{said}; {both:,} of the {judges:,} held-out rows are copies of mined ones and confirm what these say. "
        "Leave copies out, or keep them on one side with --split."
    )
