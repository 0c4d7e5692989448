"""Gates as tables whose rows are chart rows: dot = number, bar to a tick = corrected bound, dashed = limit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.render import verdicts, words
from auditkit.render.page import marks
from auditkit.render.screen.names import sentence
from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from auditkit.render.screen.gates import GateBlock, GateRow
    from auditkit.values.gate import Judged, Kind

OPEN_ROWS, OPEN_UNDECIDED = 20, 10
"""Rows of one gate that stand open where they break the rule, and where nothing is decided; the others are folded."""
PAST = 1.25
"""How far past the last mark a bar goes that nothing bounds."""
TONES: dict[Judged, str] = {"breaks": "bad", "absent": "bad", "holds": "good"}
FOLDED: dict[Kind, tuple[str, str]] = {
    "breaks": ("breaks it", "break it"),
    "holds": ("holds", "hold"),
    "not_shown": ("is undecided", "are undecided"),
    "too_few": ("has too few rows", "have too few rows"),
    "new": ("is new", "are new"),
    "gone": ("is gone", "are gone"),
    "absent": ("is absent", "are absent"),
    "waived": ("is accepted", "are accepted"),
}
"""What a fold says it holds, of one comparison and of several."""


@dataclass(frozen=True)
class StripRow:
    """One comparison: what its cells say, and its drawing; `own` and `rest` are "" where they are not known."""

    mark: str
    group: str
    n: int
    own: str
    rest: str
    gap: str
    why: str
    drawing: str


@dataclass(frozen=True)
class Strip:
    """One gate as the page shows it: rows that stand open, and all that are folded."""

    block: GateBlock
    lead: str
    axis: str
    wide_axis: str
    rows: tuple[StripRow, ...]
    folded: tuple[StripRow, ...]
    fold: str
    hidden: int

    @property
    def has_levels(self) -> bool:
        """Whether a group's own number and the others' are known."""
        return any(row.own for row in (*self.rows, *self.folded))


def strip_of(block: GateBlock, *, room: int) -> Strip:
    """Return a gate's drawing; at most `room` rows are on the page."""
    most = OPEN_ROWS if block.gate.outcome == "fail" else OPEN_UNDECIDED
    shown = block.open_rows[:most]
    rest = tuple(row for row in block.rows if row not in shown)
    folded = rest[: max(room - len(shown), 0)]
    narrow, wide = _scale(block, shown), _scale(block, block.rows)
    return Strip(
        block=block,
        lead=_lead(block, shown),
        axis=_axis(block, narrow),
        wide_axis=_axis(block, wide),
        rows=tuple(_row(row, block, narrow) for row in shown),
        folded=tuple(_row(row, block, wide) for row in folded),
        fold=_fold(rest, shown),
        hidden=len(rest) - len(folded),
    )


def _scale(block: GateBlock, rows: tuple[GateRow, ...]) -> marks.Scale:
    """Return the line that holds what these rows draw, and the limit."""
    drawn = [end for row in rows for end in (row.value, *_ends(row, block))]
    known = [end for end in (block.gate.limit, *drawn) if end is not None and math.isfinite(end)]
    # A bar without an end goes on past everything that has one, the limit above all.
    beyond = [PAST * max(known, default=0.0)] if math.inf in drawn else []
    return marks.scale_of([*known, *beyond])


def _axis(block: GateBlock, scale: marks.Scale) -> str:
    what = "Gap" if COMPARISONS[block.gate.compare].signed else sentence(block.metric)
    return f"{what}, {block.amounts.number(scale.low)} to {block.amounts.amount(scale.high)}"


def _ends(row: GateRow, block: GateBlock) -> tuple[float | None, ...]:
    """Return the bounds that a comparison's bar goes to: the one that shows harm, or both."""
    if row.outcome == "breaks":
        return (row.most if block.amounts.floor else row.least,)
    if row.least is not None and row.most is None:  # no bound can be given: the bar goes on to the edge
        return row.least, math.inf
    if row.most is not None and row.least is None:
        return -math.inf, row.most
    return row.least, row.most


def _lead(block: GateBlock, shown: tuple[GateRow, ...]) -> str:
    """Return the sentence beneath a gate's rule: how to read its marks, or how its worst comparison stands."""
    if shown:
        family = len([row for row in block.rows if row.value is not None])
        many = (
            f" after correction for {family:,} comparisons"
            if family > 1 and block.gate.correction != "none"
            else ""
        )
        limit = (
            ""
            if block.gate.limit is None
            else f" Dashed: the limit, {block.amounts.amount(block.gate.limit)}."
        )
        return f"Dot: what was measured. Tick: how small or large it could be{many}.{limit}"
    if not block.rows:
        return words.visible(block.gate.message, limit=600)
    worst = block.rows[0]
    said = f"Worst: {worst.group}, {worst.gap}. " if worst.gap else f"{worst.group}: {worst.why}. "
    return f"{said}{sentence(block.counts)}."


def _fold(rest: tuple[GateRow, ...], shown: tuple[GateRow, ...]) -> str:
    """Return what the fold holds: `26 hold, 14 have too few rows`."""
    counts = {kind: sum(row.comparison.kind == kind for row in rest) for kind in FOLDED}
    said = ", ".join(f"{count:,} {FOLDED[kind][count > 1]}" for kind, count in counts.items() if count)
    return f"{'Others' if shown else 'All comparisons'}: {said}" if said else ""


def _row(row: GateRow, block: GateBlock, scale: marks.Scale) -> StripRow:
    own, _, rest = row.levels.partition(" against ")
    needed = f"about {row.rows_needed:,} rows would decide" if row.rows_needed else ""
    drawing = ""
    if row.value is not None:
        drawing = marks.strip(
            scale,
            value=row.value,
            ends=_ends(row, block),
            limit=block.gate.limit,
            said=f"{row.group}: {row.gap}, {verdicts.JUDGED[row.comparison.kind]}",
            tone=TONES.get(row.outcome, "open"),
        )
    return StripRow(
        mark=f"{verdicts.JUDGED_SIGNS[row.comparison.kind]} {verdicts.JUDGED[row.comparison.kind]}",
        group=row.group,
        n=row.n,
        own=own,
        rest=rest,
        gap=row.gap,
        why=", ".join(filter(None, (row.why, needed))),
        drawing=drawing,
    )
