"""What mining found, in sentences that a person can repeat."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Answer, percent
from auditkit_minoria.run.wider import wider
from auditkit_minoria.searches import slices
from auditkit_minoria.show.served import TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Stats
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.run.describe import Reported
    from auditkit_minoria.show.quality import Judged

CALLED = {
    "mis-predicted": "Its scores are off: recalibrated for the group they would lose less.",
    "harder to predict": "It is harder to predict: recalibrating its scores was not shown to help.",
    "both": "Its scores are off, and it is harder to predict as well.",
}

ROOM = 1.2
"""How many times the rows that a verdict needs a tail shall have: among held-out rows its share is another."""
LARGE = 0.2
"""Share of the rows beyond which a group is hardly a minority."""


def answers(reported: Sequence[Reported], how: Judged, material: Material, stats: Stats) -> Iterator[Answer]:
    """Yield one answer for each confirmed group, from most harm to least; or that there is none, and why."""
    if how.loss is None:
        return
    tested = [one for one in reported if one.mined.p_corrected is not None]
    confirmed = [one for one in tested if one.mined.confirmed]
    for one in confirmed:
        yield _confirmed(one, how, material, stats, tested=len(tested))
    if confirmed:
        return
    rows, losses = how.number(how.rows), how.loss[how.rows]
    if rows and (losses == losses[0]).all():
        yield Answer(
            f"No group fares worse than another: all {rows:,} held-out rows have the same loss, {losses[0]:g}.",
            sure="not_shown",
            basis=f"{rows:,} held-out rows",
        )
        return
    if tested:
        yield Answer(
            f"No group was shown to fare worse than the rest: {_counted(len(tested))} found on mined rows, and none "
            "held up on the others. That is no proof that there is none.",
            sure="not_shown",
            basis=f"{rows:,} held-out rows, {stats.confidence:.0%} confidence, Holm's correction",
        )
        return
    yield Answer(
        f"No group could be tested: none that stands out {'is worth' if how.weighted else 'has'} "
        f"{stats.min_n} of the {rows:,} held-out rows{_cut_larger(reported, rows, stats)}.",
        sure="too_few",
    )


def _cut_larger(reported: Sequence[Reported], rows: int, stats: Stats) -> str:
    """Return how to ask for tails with rows enough; nothing where none is a tail, or it would be no minority's."""
    share = ceil(ROOM * 100 * stats.min_n / rows) / 100 if rows else 1.0
    if share > LARGE or not any(one.mined.tail is not None for one in reported):
        return ""
    return f"; --tail {share:g} cuts tails of about {floor(share * rows):,}"


def _confirmed(one: Reported, how: Judged, material: Material, stats: Stats, *, tested: int) -> Answer:
    mined, held = one.mined, one.mined.held_out
    rule = one.about.group.rule if one.about.group is not None else one.name
    gap = 0.0 if held is None or held.gap is None else held.gap
    n = 0 if held is None else held.n
    called = CALLED.get(one.service.kind, "")
    share = float(mined.members.mean())
    part_of, large = wider(mined.rule, material), ""
    if share > LARGE and mined.rule.found_by == slices.SEARCH.shown:
        large = f"{'' if part_of else 'It is no small group: '}--largest {LARGE:g} looks for smaller ones."
    return Answer(
        f"{one.name} fares worse: {rule} ({share:.1%} of all rows). Its {_loss(how.unit)} is "
        + " ".join(
            part
            for part in (f"{gap:.3g} above that of all rows{_right(one, how)}.", called, part_of, large)
            if part
        ),
        sure="shown",
        harm=True,
        basis=f"{n:,} held-out rows, {stats.confidence:.0%} confidence, Holm's correction for {_counted(tested)}",
        exhibit=TITLE,
    )


def _loss(unit: str) -> str:
    """Return what a loss is called where its mean is told."""
    return "error rate" if unit == "zero_one" else f"mean {unit.replace('_', '-')}"


def _right(one: Reported, how: Judged) -> str:
    """Return how often predictions are right, in the group and of all rows; nothing where that cannot be said."""
    everyone = np.ones(len(how.rows), dtype=np.bool_)
    own, of_all = (how.metric("accuracy", rows, confidence=0.95) for rows in (one.mined.judged, everyone))
    if own is None or of_all is None:
        return ""
    return f"; predictions are right for {percent(own[0])} of it and for {percent(of_all[0])} of all"


def _counted(groups: int) -> str:
    return f"{groups} group{'s' if groups != 1 else ''}"
