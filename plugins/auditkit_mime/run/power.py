"""What `auditkit power --with mime` answers: the smallest gain that the rows and trials can show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit import Table
from auditkit_mime.design.worth import LIKELY, worth
from auditkit_mime.run.audit import settle
from auditkit_mime.show.words import training_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit import Subject
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.params import MimeParams

MOST_TRIALS = 1000


def power(subject: Subject, params: MimeParams, *, gap: float, confidence: float) -> Table:
    """Return, for each pair of groups, the sizes, the smallest gains, and the trials that a gain of `gap` takes."""
    model, planned = settle(subject, params)

    def row(pair: Pair) -> Iterator[str | float | int | None]:
        found, classes = worth(pair, planned, confidence=confidence), len(planned.classes)
        yield pair.sides.majority
        yield pair.sides.minority
        yield classes * pair.sizes.train
        yield classes * pair.sizes.test
        yield round(100 * found.smallest, 2)
        yield round(100 * found.with_any_trials, 2)
        yield _trials(pair, planned, gap=gap, confidence=confidence)
        seconds = training_seconds(planned, pair, model=model)
        yield None if seconds is None else round(seconds, 1)

    trials = len(planned.seeds) or planned.trials
    return Table(
        title="The smallest gain of the majority that a sweep can show",
        columns=(
            "majority",
            "minority",
            "train rows",
            "test rows per group",
            f"points with {trials} trials",
            "points with any number",
            f"trials for {100 * gap:g} points",
            "seconds to train",
        ),
        rows=tuple(tuple(row(pair)) for pair in planned.pairs),
        caption=(
            f"Gains in accuracy, in points, that are shown with a chance of {LIKELY:.0%}, one-sided at "
            f"{(1 - confidence) / 2:g}, corrected for {len(planned.betas) - 1} shares, by the spread that made tables "
            f"have. Empty: more than {MOST_TRIALS:,} trials, or a kind of model that was not timed. "
            f"{planned.pairs[0].sides.why}."
        ),
    )


def _trials(pair: Pair, planned: Plan, *, gap: float, confidence: float) -> int | None:
    """Return the fewest trials with which a gain is shown, None above the most that a run takes."""

    def shown(trials: int) -> bool:
        asked = replace(planned, trials=trials, seeds=())
        return worth(pair, asked, confidence=confidence).smallest <= gap

    low, high = 2, MOST_TRIALS
    if not shown(high):
        return None
    while low < high:  # the smallest gain falls with the trials
        middle = (low + high) // 2
        low, high = (low, middle) if shown(middle) else (middle + 1, high)
    return low
