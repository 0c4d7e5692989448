"""Order within lists: how much attention each group gets, against its share of the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Answer, Finding, GroupWords, Interval, percent
from auditkit.measures import mean_losses
from auditkit_mpr.metrics import EXPOSURE, EXPOSURE_GAP, LEAST_EXPOSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.intersections import Attribute
    from auditkit_mpr.run.shares import ShareTable

ATTENTION = "Attention by group"
FEWEST_LISTS = 5
"""Of fewer lists no interval is given: they are no sample."""
MOST_GROUPS = 60
"""Groups with findings of their own, those of one attribute first; the table and the JSON of each list have no more."""


def exposure_findings(exposed: ShareTable, confidence: float) -> Iterator[Finding]:
    """Yield each group's exposure and its gap to the reference over all lists, and each list's least exposed group."""
    if not exposed.listed:
        return
    listed, targets = np.array(exposed.listed), np.array(exposed.targets)
    for place in range(min(len(exposed.groups), MOST_GROUPS)):
        name = exposed.groups[place].name.replace(" AND ", " & ")
        for metric, values in (
            (EXPOSURE, listed[:, place]),
            (EXPOSURE_GAP, listed[:, place] - targets[:, place]),
        ):
            yield Finding(
                metric=metric.name,
                value=float(values.mean()),
                interval=_interval(values, confidence),
                n=len(values),
                group=name,
            )
    lacks = targets - listed
    for query, lack, own in zip(exposed.queries, lacks, listed, strict=True):
        worst = int(np.argmax(lack))
        yield Finding(
            metric=LEAST_EXPOSED.name,
            value=max(float(lack[worst]), 0.0),
            n=len(exposed.queries),
            group=query,
            details={
                "query": query,
                "least_exposed": exposed.groups[worst].name,
                "exposure": round(float(own[worst]), 6),
                "reference": round(float(own[worst] + lack[worst]), 6),
            },
        )


def exposure_answers(
    exposed: ShareTable, attributes: Sequence[Attribute], confidence: float
) -> Iterator[Answer]:
    """Yield who gets least attention against the reference, over the lists, and how sure that is."""
    if not exposed.listed:
        return
    words = GroupWords({one.name: one.labels for one in attributes})
    gaps = np.array(exposed.listed) - np.array(exposed.targets)
    worst = int(np.argmin(gaps.mean(axis=0)))
    # The worst of several groups was picked by these very lists: its level is shared among all of them.
    interval = _interval(gaps[:, worst], 1.0 - (1.0 - confidence) / gaps.shape[1])
    shown = interval is not None and interval.high < 0
    mine = float(np.mean([listed[worst] for listed in exposed.listed]))
    theirs = float(np.mean([target[worst] for target in exposed.targets]))
    where = f"{len(gaps):,} lists" if len(gaps) > 1 else f"the list for '{exposed.queries[0]}'"
    name = words(exposed.groups[worst].name.replace(" AND ", " & "))
    yield Answer(
        f"Least attention goes to {name}: {percent(mine)} of that in {where}, and {percent(theirs)} of the reference.",
        basis=f"order within the lists; Student's interval over lists, corrected for {gaps.shape[1]:,} groups"
        if interval is not None
        else f"order within the lists; no interval of fewer than {FEWEST_LISTS} lists",
        sure="shown" if shown else "not_shown" if interval is not None else "stated",
        harm=shown,
        exhibit=ATTENTION,
    )


def _interval(values: Floats, confidence: float) -> Interval | None:
    """Return Student's interval of the mean over lists; None for few of them, or where all are alike."""
    if len(values) < FEWEST_LISTS or np.ptp(values) == 0:
        return None
    found = mean_losses(np.zeros(len(values), dtype=np.int64), values, n_groups=1, confidence=confidence)
    low, high = (float(end[0]) for end in (found.low, found.high))
    return Interval(low, high, confidence, found.method, tuple(map(float, found.basis[0])))
