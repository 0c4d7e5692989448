"""What the reader is told about a pair of groups, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit import Subject
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.effect.effect import Effect
    from auditkit_mime.train.kinds import Model


def beforehand(subject: Subject, plan: Plan, pair: Pair, *, model: Model) -> Iterator[str]:
    """Yield who is the minority and why, on how many rows, and who chose the epoch."""
    k, sizes = len(plan.classes), pair.sizes
    yield f"mime: {pair.sides.why}"
    kept = f" and {k * sizes.validation:,} to choose the epoch" if model.kind.by_epochs else ""
    yield (
        f"mime: {k * sizes.train:,} train rows at every beta, {k * sizes.test:,} test rows per group{kept}, the {k} "
        "classes in equal parts; accuracy is therefore balanced accuracy, not that of the data's own mix"
    )
    if subject.weight is not None:
        yield f"mime: rows count alike, the weights of column '{subject.weight}' are not used"
    if model.training.selection == "best-test":
        yield (
            "mime: --selection best-test repeats the paper: every accuracy is the highest on its test rows over the "
            "epochs, so all of them are flattered, and intervals do not account for that"
        )
    kept_rows = model.training.optimiser.hard_kept
    if kept_rows is not None:
        yield f"mime: hard mining keeps the {kept_rows} least confident rows of each class in a batch"


def result(effect: Effect, plan: Plan, pair: Pair) -> str:
    """Return the result in one sentence."""
    found, sides = effect.majority, pair.sides
    where = f"{plan.attribute.name} = {sides.majority}"
    span = f"[{100 * found.low:.1f}, {100 * found.high:.1f}] points, p = {found.p_value:.2g}"
    if not found.shown:
        return f"mime: no effect shown on {where}: the interval of its largest gain, {span}, covers 0"
    return (
        f"mime: effect shown on {where}: its accuracy is {100 * found.value:.1f} points higher at beta = "
        f"{plan.betas[found.best]:g} than at 0, {span}"
    )
