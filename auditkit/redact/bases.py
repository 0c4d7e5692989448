"""The counts of rows in an interval's basis: what a gate needs to move a bound is printed with the number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.values.finding import Finding

Side: TypeAlias = Literal["own", "other"]
ONE: tuple[Side, ...] = ("own",)
TWO: tuple[Side, ...] = ("own", "other")
SHARES: dict[str, tuple[Side, ...]] = {
    "rate": ONE,
    "wilson": ONE,
    "f1": ONE,
    "recalls": ONE,
    "rate_gap": TWO,
    "newcombe": TWO,
    "f1_gap": TWO,
    "recalls_gap": TWO,
    "gap_of_counts": TWO,
}
"""Methods whose basis holds, of each side in turn, hits and rows, of each class in turn, perhaps with a number more."""
PAIRED, KINDS = "paired_rows", ("neither", "lost", "gained", "both")
"""The method whose basis holds, of each side in turn, rows of these kinds and two numbers more."""


def basis_counts(finding: Finding) -> Iterator[tuple[Side, str, int]]:
    """Yield whose rows an interval's basis counts, of what, and how many. What is not whole is weighted: no rows."""
    if finding.interval is None:
        return
    method, numbers = finding.interval.method, finding.interval.basis
    sides = SHARES.get(method, TWO[: len(numbers) // 6] if method == PAIRED else ())
    size = len(numbers) // max(len(sides), 1)
    for place, side in enumerate(sides):
        part = numbers[place * size : (place + 1) * size]
        for what, rows in _paired(part) if method == PAIRED else _shares(part):
            if float(rows).is_integer():
                yield side, what, int(rows)


def _paired(part: Sequence[float]) -> Iterator[tuple[str, float]]:
    yield from zip(KINDS, part, strict=False)


def _shares(part: Sequence[float]) -> Iterator[tuple[str, float]]:
    for i, (hits, rows) in enumerate(zip(part[::2], part[1::2], strict=False)):
        yield f"basis {i} with", hits
        yield f"basis {i} without", rows - hits
