"""How a model serves each group beside all rows: accuracy, errors of both kinds, calibration, excess loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Cell
    from auditkit_minoria.confirm.excess import Service
    from auditkit_minoria.show.quality import Judged

TITLE = "How each group is served"
COUNTED = {"accuracy": "tail_accuracy", "fnr": "tail_fnr", "fpr": "tail_fpr"}


def served_findings(
    name: str, members: NDArray[np.bool_], service: Service, how: Judged, *, confidence: float
) -> Iterator[Finding]:
    """Yield a group's excess loss and, of a classification, accuracy, both error rates and calibration."""
    details = {
        "kind": service.kind,
        "confirmed": service.confirmed,
        "p_value": service.p,
        "p_corrected": service.p_corrected,
        "left": service.left,
    }
    yield Finding(
        metric="excess_loss",
        value=service.value,
        interval=service.interval,
        n=service.n,
        group=name,
        unit=how.unit,
        reason=service.reason,
        details=details,
    )
    for metric, reported in COUNTED.items():
        estimate = how.metric(metric, members, confidence=confidence)
        if estimate is not None:
            yield Finding(
                metric=reported,
                value=estimate[0],
                interval=estimate[1],
                n=how.rows_of(metric, members),
                group=name,
            )
    off = how.miscalibration(members, confidence=confidence)
    if off is not None:
        n = int((members & how.rows).sum())
        yield Finding(metric="calibration", value=off[0], interval=off[1], n=n, group=name)


def served_table(
    groups: Sequence[tuple[str, NDArray[np.bool_], Service]], how: Judged, *, confidence: float
) -> Table:
    """Return one row for each group, and one for all rows, by the rows that nothing was chosen on."""

    def cells(members: NDArray[np.bool_]) -> tuple[Cell, ...]:
        rates = [how.metric(metric, members, confidence=confidence) for metric in COUNTED]
        off = how.miscalibration(members, confidence=confidence)
        values = (how.mean_loss(members), *(rate and rate[0] for rate in rates), off and off[0])
        return (how.number(members), *map(_rounded, values))

    everyone = np.ones(len(how.rows), dtype=np.bool_)
    return Table(
        title=TITLE,
        columns=(
            "Group",
            "Called",
            "Rows",
            f"Mean {how.unit}",
            "Accuracy",
            "False negative rate",
            "False positive rate",
            "Mean score - observed",
            "Excess loss",
        ),
        rows=(
            *((name, one.kind, *cells(members), _rounded(one.value)) for name, members, one in groups),
            ("all rows", "", *cells(everyone), None),
        ),
        caption=(
            "Rows that were not mined. Excess loss is a group's loss less that of the same score recalibrated for the "
            "group on mined rows: above 0, the group is mis-predicted; what is left is how hard it is to predict."
        ),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
