"""What is said of rows that repeat exactly, where nobody has said that rows belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.groups.repeats import doubles_beyond_chance, repeats_beyond_chance, value_codes

if TYPE_CHECKING:
    from auditkit.values.subject import Subject


def note_of_repeats(subject: Subject) -> str:
    """Return a note if many rows equal an earlier one, beyond chance, and no cluster is named; else ""."""
    repeats = repeats_beyond_chance(subject.table) if subject.cluster is None else 0
    if not repeats:
        return ""
    return (
        f"{repeats:,} of {len(subject):,} rows repeat another one exactly: if rows belong together, such as those of "
        "one person, name what is equal for them with --cluster, or intervals are too narrow."
    )


def note_of_shared_rows(subject: Subject) -> str:
    """Return a note if many rows of one part of the split equal a row of another part, beyond chance; else ""."""
    import numpy as np

    if subject.split is None:
        return ""
    table = subject.table.drop(columns=subject.split)
    rows, place, least = doubles_beyond_chance(table)
    part = value_codes(subject.column(subject.split))[rows]
    kinds = len(np.unique(part))
    pairs = np.unique(
        place * max(kinds, 1) + np.unique(part, return_inverse=True)[1]
    )  # each part that a row is in
    parts_of = np.bincount(pairs // max(kinds, 1), minlength=int(place.max(initial=-1)) + 1)
    shared = int((parts_of[place] > 1).sum())
    if shared < least:
        return ""
    return (
        f"{shared:,} of {len(table):,} rows are in several parts of the split '{subject.split}': what a model learnt "
        "from one part, it is then tested on in the other, and looks better than it is."
    )
