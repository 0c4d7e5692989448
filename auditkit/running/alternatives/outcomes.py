"""How each repair did on the rows that decide and on those held out, against the same predictions before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.measures.repairs.measure import HeldOut, Stage, findings_of
from auditkit.measures.repairs.told import measured_repair

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit.groups.division import Division
    from auditkit.measures.repairs.failures import Failure
    from auditkit.measures.repairs.told import MeasuredRepair
    from auditkit.spec.stats import Stats
    from auditkit.values.finding import Finding
    from auditkit.values.grouping import Attribute

BEFORE = "before"


@dataclass(frozen=True, eq=False, kw_only=True)
class Whole:
    """All rows that are compared: classes int64 [n], groups, weights, the division, the predictions before [n]."""

    target: NDArray[np.int64]
    classes: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    weights: NDArray[np.float64] | None
    division: Division
    before: NDArray[np.int64]

    def rows(self, part: NDArray[np.intp]) -> HeldOut:
        """Return the truth, groups and weights of one part."""
        return HeldOut(
            truth=self.target[part],
            classes=self.classes,
            attributes=tuple(attribute.take(part) for attribute in self.attributes),
            weights=None if self.weights is None else self.weights[part],
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Compared:
    """A repair, or `before`: findings on validation rows and on test rows, and what changed on the latter.

    `seconds` are those that it took; `failed` are its failures on validation rows.
    """

    name: str
    seconds: float
    validation: tuple[Finding, ...]
    test: tuple[Finding, ...]
    measured: MeasuredRepair | None = None
    failed: tuple[Failure, ...] = ()

    def gaps(self, metric: str, *, part: str) -> tuple[Finding, ...]:
        """Return the gaps of a metric, one of each attribute, on `validation` or `test` rows."""
        found = self.validation if part == "validation" else self.test
        return tuple(one for one in found if one.metric == metric and one.compare == "difference")

    def overall(self, metric: str, *, part: str) -> float:
        """Return a metric of all rows, NaN where it was not measured."""
        found = self.validation if part == "validation" else self.test
        value = next((one.value for one in found if one.metric == metric and not one.group), None)
        return float("nan") if value is None else value


def compared_before(whole: Whole, stats: Stats) -> Compared:
    """Return how the predictions before do."""
    parts = (whole.division.validation, whole.division.test)
    validation, test = (
        tuple(findings_of(_stage(0, whole.before, part), whole.rows(part), stats)) for part in parts
    )
    return Compared(name=BEFORE, seconds=0.0, validation=validation, test=test)


def compared(
    whole: Whole,
    named: tuple[str, NDArray[np.int64]],
    *,
    seconds: float,
    stats: Stats,
    rngs: Sequence[np.random.Generator],
) -> Compared:
    """Return how a repair's predictions, `named` with class codes [n], do against those before."""
    name, predicted = named
    first, second = (
        measured_repair(
            _stage(0, whole.before, part),
            _stage(1, predicted, part),
            rows=whole.rows(part),
            stats=stats,
            rng=rng,
        )
        for part, rng in zip((whole.division.validation, whole.division.test), rngs, strict=True)
    )
    return Compared(
        name=name,
        seconds=seconds,
        validation=first.after,
        test=second.after,
        measured=second,
        failed=first.failed,
    )


def _stage(number: int, predicted: NDArray[np.int64], part: NDArray[np.intp]) -> Stage:
    return Stage(number=number, predicted=predicted[part][None, :])
