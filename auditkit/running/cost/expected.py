"""What each part of a run is expected to take, in the order of the run."""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time
from typing import TYPE_CHECKING

from auditkit.plugins.fault import at_fault
from auditkit.predict.width import encoded_width
from auditkit.running.cost.held import held_bytes, peak_bytes
from auditkit.running.cost.speed import slowness
from auditkit.running.plan import load_subject
from auditkit.step.priced import priced

if TYPE_CHECKING:
    from auditkit.running.plan import Plan, Planned
    from auditkit.spec.stats import Stats
    from auditkit.step.cost import Cost
    from auditkit.values.subject import Subject


@dataclass(frozen=True)
class Expected:
    """A part of a run: seconds of one core, and the most memory that the process then holds, in bytes.

    `seconds` are None where nobody can say, and `why` says why; else it says what they rest on. `measured` says that
    the part was done just now.
    """

    part: str
    seconds: float | None
    bytes: int | None
    why: str = ""
    measured: bool = False


def expected(plan: Plan) -> tuple[Expected, ...]:
    """Return what each part of a run is expected to take. Loads the data, which steps are then asked about."""
    begun = process_time()
    subject = load_subject(plan)
    reading = process_time() - begun
    held, most = held_bytes() or 0, peak_bytes() or 0
    stretched = slowness()
    read = Expected("reading", reading, most, _read(subject), measured=True)
    costs = [(planned, _cost(planned, subject, plan.recipe.stats)) for planned in plan.steps]
    parts = [Expected("start", priced("auditkit", {}).seconds * stretched, None, ""), read]
    if any(cost is not None and cost.predicts for _, cost in costs):
        parts.append(_predictions(subject, held=held, stretched=stretched))
    for planned, cost in costs:
        if cost is None:
            parts.append(
                Expected(planned.spec.id, None, None, f"{planned.spec.use} does not say what this takes")
            )
            continue
        parts.append(Expected(planned.spec.id, cost.seconds * stretched, held + int(cost.bytes)))
    return tuple(parts)


def _cost(planned: Planned, subject: Subject, stats: Stats) -> Cost | None:
    """Return what a step says that it costs."""
    with at_fault(planned.who):
        return planned.step.cost(subject, planned.params, stats)


def cost_of_predictions(subject: Subject) -> Cost | None:
    """Return what the built-in model's predictions cost; None where a model of somebody's predicts."""
    if subject.model is not None or subject.task not in {"binary", "multiclass"}:
        return None
    width = encoded_width(subject, [name for name in subject.features if name not in subject.sensitive])
    n, classes = len(subject), len(subject.classes)
    several = classes > 2
    return priced(
        "predictions",
        {
            "rows x width": n * width,
            "rows x width x width": 0 if several else n * width**2,
            "rows x width x classes": n * width * classes if several else 0,
        },
    )


def _predictions(subject: Subject, *, held: int, stretched: float) -> Expected:
    cost = cost_of_predictions(subject)
    if cost is None:
        by = "the data's model" if subject.model is not None else "a regression on a number"
        return Expected("predictions", None, None, f"nobody can say what {by} takes")
    return Expected("predictions", cost.seconds * stretched, held + int(cost.bytes), "by the built-in model")


def _read(subject: Subject) -> str:
    rows, columns = f"{subject.n_rows:,} rows", f"{subject.table.shape[1]:,} columns"
    return f"{rows}, {columns}" if subject.cells is None else f"{rows} as {len(subject):,} cells, {columns}"
