"""How many rows each group needs before a gap of its rates to the rest can be expected to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import UsageError
from auditkit.values.exhibit import Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit.spec.stats import Stats
    from auditkit.values.subject import Subject

LIKELY = 0.8
"""The chance to find a gap that is there."""


def power_table(subject: Subject, stats: Stats, *, gap: float) -> Table:
    """Return, per group and intersection, its rows and the rows at which a gap of `gap` is found 8 times in 10.

    A rate over all rows (selection rate, accuracy), and over one class of the target (true and false positive rate),
    each at the rate of a half, where most rows are needed. Gates test one-sidedly at (1 - confidence) / 2, divided by
    the number of groups where they correct. Raises UsageError without groups.
    """
    from auditkit.measures import intersections

    if not subject.groupings:
        message = "power needs groups: name columns with --groups, such as sex,race"
        raise UsageError(message)
    labels = [grouping.labels for grouping in subject.groupings]
    cuts = list(
        intersections(
            [g.codes for g in subject.groupings], labels, max_order=stats.max_order, min_n=stats.min_n
        )
    )
    comparisons = sum(len(cut.cells) for cut in cuts)
    alpha = (1 - stats.confidence) / 2 / (1 if stats.correction == "none" else comparisons)
    conditions = _conditions(subject)
    rows = [
        (
            _name(subject, cut.attributes, cell),
            int(count),
            *_needed(conditions, cut.codes == place, gap, alpha),
        )
        for cut in cuts
        for place, (cell, count) in enumerate(zip(cut.cells, cut.n, strict=True))
    ]
    corrected = "" if stats.correction == "none" else f", corrected for {comparisons} groups"
    return Table(
        title="Rows that each group needs",
        columns=("group", "rows", *(f"needed: {name}" for name in conditions)),
        rows=tuple(rows),
        caption=(
            f"Rows at which a gap of {gap:g} to the rest is found with a chance of {LIKELY:.0%}, at a rate of one half "
            f"(the hardest), one-sided at {(1 - stats.confidence) / 2:g}{corrected}. Empty: no number of rows is "
            "enough, because the rest is too small."
        ),
    )


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
    conditions: dict[str, NDArray[np.bool_]], inside: NDArray[np.bool_], gap: float, alpha: float
) -> list[int | None]:
    """Return the rows of the group, at its own share of each condition, or at everybody's if it has none."""
    from auditkit.measures import rows_needed

    found = []
    for mask in conditions.values():
        share = float(mask[inside].mean()) or float(mask.mean())
        rest = float((mask & ~inside).sum())
        found.append(
            rows_needed(0.5, gap=gap, share=share, rest_rows=rest, alpha=alpha, power=LIKELY)
            if rest
            else None
        )
    return found


def _name(subject: Subject, attributes: tuple[int, ...], cell: tuple[str, ...]) -> str:
    return " & ".join(
        f"{subject.groupings[a].name}={label}" for a, label in zip(attributes, cell, strict=True)
    )
