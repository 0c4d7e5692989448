"""What the reader is told about a pair of groups, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit_mime.design.worth import seconds, worth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit import Subject
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.effect.effect import Effect
    from auditkit_mime.train.kinds import Model


def beforehand(subject: Subject, plan: Plan, pair: Pair, *, model: Model, confidence: float) -> Iterator[str]:
    """Yield who is the minority and why, on how many rows, what they can show, and who chose the epoch."""
    k, sizes = len(plan.classes), pair.sizes
    yield f"mime: {pair.sides.why}"
    kept = f" and {k * sizes.validation:,} to choose the epoch" if model.kind.by_epochs else ""
    yield (
        f"mime: {k * sizes.train:,} train rows at every beta, {k * sizes.test:,} test rows per group{kept}, the {k} "
        "classes in equal parts; accuracy is therefore balanced accuracy, not that of the data's own mix"
    )
    if model.training.device != "cpu":
        yield f"mime: models are trained on {model.training.device}; other devices give other last digits"
    yield f"mime: {capacity(plan, pair, model=model, confidence=confidence)}"
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


def capacity(plan: Plan, pair: Pair, *, model: Model, confidence: float) -> str:
    """Return in a sentence the smallest gain that a run can show, and about how long it trains."""
    trials, found = len(plan.seeds) or plan.trials, worth(pair, plan, confidence=confidence)
    takes = training_seconds(plan, pair, model=model)
    time = f"; {plan.models:,} models" + ("" if takes is None else f", about {_duration(takes)} of training")
    return (
        f"{trials} trials show a gain of about {100 * found.smallest:.1f} points, 8 times in 10; these rows, with any "
        f"number of trials, one of about {100 * found.with_any_trials:.1f}{time}"
    )


def training_seconds(plan: Plan, pair: Pair, *, model: Model) -> float | None:
    """Return about how many seconds a pair's models train for, None where that was not measured."""
    if model.training.device != "cpu":
        return None
    return seconds(model.name, plan=plan, pair=pair, epochs=model.training.epochs)


def _duration(takes: float) -> str:
    if takes < 1:
        return "a second"
    return f"{takes:.0f} s" if takes < 120 else f"{takes / 60:.0f} minutes"


def result(effect: Effect, plan: Plan, pair: Pair) -> str:
    """Return the result in one sentence."""
    found, sides = effect.majority, pair.sides
    where = f"{plan.attribute.name} = {sides.majority}"
    span = f"[{100 * found.low:.1f}, {100 * found.high:.1f}] points, p = {found.p_value:.2g}"
    harmed = _harm(effect, plan)
    if not found.shown:
        return (
            f"mime: no effect shown on {where}: the interval of its largest gain, {span}, covers 0; {harmed}"
        )
    return (
        f"mime: effect shown on {where}: its accuracy is {100 * found.value:.1f} points higher at beta = "
        f"{plan.betas[found.best]:g} than at 0, {span}; {harmed}"
    )


def _harm(effect: Effect, plan: Plan) -> str:
    """Return whether some share was shown to cost the majority accuracy, and how much any may."""
    lost = effect.loss
    most = f"[{100 * lost.low:.1f}, {100 * lost.high:.1f}] points, p = {lost.p_value:.2g}"
    if lost.shown:
        return f"at beta = {plan.betas[lost.best]:g} it is shown to lose, {most}"
    return f"no share is shown to cost it accuracy, its largest loss lying in {most}"
