"""What --dry-run says of a recipe that is good: which gates decide nothing, and what its parts are expected to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.cli.console.terminal import tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.cli.outputs import Output
    from auditkit.running.cost.expected import Expected
    from auditkit.running.plan import Plan


LONG = 60.0
"""Seconds of counting past which rows are not counted for a look ahead."""


def foresee(plan: Plan, output: Output, file: str) -> None:
    """Say that a plan is good, which of its gates will decide nothing, and what a run is expected to take."""
    from auditkit.cli.outputs import places_of
    from auditkit.running.cost.counting import counting
    from auditkit.running.cost.expected import expected
    from auditkit.running.plan import load_subject
    from auditkit.running.reach.gate_checks import foreseen

    places_of(output, plan)
    if plan.recipe.data.counted:
        counts = counting(plan)
        tell(_line(counts, wide=0))
        if (counts.seconds or 0.0) > LONG:
            tell(
                f"{file}: good as far as can be said before the rows are counted: neither groups nor gates are known"
            )
            return
    parts = expected(plan)
    subject = load_subject(plan)
    sizes = f"{subject.n_rows:,} rows, {_counted(plan.steps, 'step')}, {_counted(plan.recipe.gates, 'gate')}"
    tell(f"{file}: good; {sizes}")
    for sentence in foreseen(plan.recipe.gates, plan.ran, subject):
        tell(sentence)
    for line in _lines(parts):
        tell(line)


def _counted(things: Sequence[object], what: str) -> str:
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}"


def _lines(parts: Sequence[Expected]) -> Iterator[str]:
    """Yield a line for each part, then what all take together, as far as anybody can say."""
    yield "expected, in seconds of one core and the most memory held, to within a factor of 2:"
    wide = max(len(part.part) for part in parts)
    yield from (_line(part, wide=wide) for part in parts)
    known = [part for part in parts if part.seconds is not None]
    least = "at least " if len(known) < len(parts) else ""
    total = sum(part.seconds or 0.0 for part in known)
    most = max(part.bytes or 0 for part in known)
    yield f"  together: {least}{seconds_in_words(total)}, {least}{_memory(most)}"


def _line(part: Expected, *, wide: int) -> str:
    """Return what is known of one part: its seconds, its memory, and what both rest on."""
    if part.seconds is None:
        return f"  {part.part:{wide}}  unknown: {part.why}"
    took = "just now: " if part.measured else ""
    figures = f"{seconds_in_words(part.seconds):>8}  {_memory(part.bytes):>7}"
    return f"  {part.part:{wide}}  {figures}  {took}{part.why}".rstrip()


def seconds_in_words(seconds: float) -> str:
    """Return a time as people say it, to two digits: 0.4 s, 12 s, 5 min, 3 h."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    for size, unit in ((1, "s"), (60, "min"), (3600, "h")):
        if seconds < 100 * size:
            return f"{seconds / size:.0f} {unit}" if seconds >= 10 * size else f"{seconds / size:.1f} {unit}"
    return f"{seconds / 86400:,.0f} days"


def _memory(size: int | None) -> str:
    from auditkit.data.memory import in_words

    return "" if size is None else in_words(size)
