"""How many rows each group needs before a gap of its rates to the rest can be expected to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import UsageError
from auditkit.measures import intersections, rows_needed
from auditkit.running.power.needs import LIKELY
from auditkit.values.shown.exhibit import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from auditkit.spec.stats import Stats
    from auditkit.values.subject import Subject


def power_table(subject: Subject, stats: Stats, *, gap: float) -> Table:
    """Return, per group and intersection, its rows and the rows at which a gap of `gap` is found 8 times in 10.

    A rate over all rows (selection rate, accuracy), and over one class of the target (true and false positive rate),
    each at the rate of a half, where most rows are needed. Gates test one-sidedly at (1 - confidence) / 2, divided by
    the number of groups where they correct. Raises UsageError without groups.
    """
    groups = list(_groups(subject, stats))
    if not groups:
        message = "power needs groups: name columns with --groups, such as sex,race"
        raise UsageError(message)
    alone = (1 - stats.confidence) / 2
    corrected = "" if stats.correction == "none" else f", corrected for {len(groups)} groups"
    alpha = alone / len(groups) if corrected else alone
    conditions = _conditions(subject)
    return Table(
        title="Rows that each group needs",
        columns=("group", "rows", *(f"needed: {name}" for name in conditions)),
        rows=tuple(
            (name, int((codes == code).sum()), *_needed(conditions, codes == code, gap, alpha))
            for name, codes, code in groups
        ),
        caption=(
            f"Rows at which a gap of {gap:g} to the rest is found with a chance of {LIKELY:.0%}, at a rate of one half "
            f"(the hardest), one-sided at {alone:g}{corrected}. Empty: no number of rows is enough, because the rest "
            "is too small."
        ),
    )


def _groups(subject: Subject, stats: Stats) -> Iterator[tuple[str, NDArray[np.integer], int]]:
    """Yield every group of every cut, and those that were named: its name, and the code that its rows have [n]."""
    codes, labels = [g.codes for g in subject.groupings], [g.labels for g in subject.groupings]
    names = [grouping.name for grouping in subject.groupings]
    for cut in intersections(codes, labels, max_order=stats.max_order, min_n=stats.min_n):
        for place, cell in enumerate(cut.cells):
            parts = zip(cut.attributes, cell, strict=True)
            yield " & ".join(f"{names[a]}={label}" for a, label in parts), cut.codes, place
    yield from ((group.name, group.mask.view("int8"), 1) for group in subject.groups)


def _conditions(subject: Subject) -> dict[str, NDArray[np.bool_]]:
    """Return the rows that each kind of rate is taken over."""
    import numpy as np

    found = {"rates of all rows": np.ones(len(subject), dtype=bool)}
    if subject.task == "binary" and subject.target is not None:
        truth = subject.table[subject.target]
        positive, known = (truth == subject.classes[-1]).to_numpy(), truth.notna().to_numpy()
        found |= {"tpr": positive & known, "fpr": ~positive & known}
    return found


def _needed(
    conditions: Mapping[str, NDArray[np.bool_]], inside: NDArray[np.bool_], gap: float, alpha: float
) -> list[int | None]:
    """Return the rows of the group, at its own share of each condition, or at everybody's if it has none."""
    found = []
    for mask in conditions.values():
        share = float(mask[inside].mean()) if inside.any() else 0.0
        rest = float((mask & ~inside).sum())
        needed = rows_needed(
            0.5, gap=gap, share=share or float(mask.mean()), rest_rows=rest or 1.0, alpha=alpha, power=LIKELY
        )
        found.append(needed if rest else None)
    return found
