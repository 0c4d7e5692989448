"""The report for a person at a terminal: one screen of at most 40 lines, worst first; the tables only if asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.render.screen.screen import first_screen
from auditkit.render.text import blocks
from auditkit.render.text.layout import Line, Piece, ansi

if TYPE_CHECKING:
    from auditkit.render.screen.screen import Screen
    from auditkit.render.text.blocks import Detail
    from auditkit.values.report import Report

MOST_LINES = 40
NARROW, WIDE = 50, 400
"""Below the one numbers would have no room; beyond the other no eye follows a line."""


def render(
    report: Report, *, width: int = 100, colour: bool = False, verbose: bool = False, run: str = ""
) -> str:
    """Return the report as text of at most `width` columns, with ANSI colours only if asked for.

    `verbose` puts all tables between the first screen and its end; `run` is the id under which the report is kept.
    """
    width = min(max(width, NARROW), WIDE)
    screen = first_screen(report, run=run)
    end = blocks.foot(screen, run, width)
    if verbose:
        from auditkit.render.text.details import details

        whole = _body(screen, report.verdict, blocks.LEVELS[0], width)
        closing = [
            *end,
            blocks.head(screen, report.verdict, width)[0],
        ]  # the eye is there after a long report
        tables = details(report, width=width, colour=colour)
        return f"{ansi(whole, colour=colour)}\n{tables}{ansi(closing, colour=colour)}"
    room = MOST_LINES - len(end)
    for level in blocks.LEVELS:
        body = _body(screen, report.verdict, level, width)
        if len(body) <= room:
            break
    else:
        left = len(body) - room + 1
        body = [*body[: room - 1], (Piece(f"… and {left:,} more lines with -v", "dim"),)]
    return ansi([*body, *end], colour=colour)


def _body(screen: Screen, verdict: str, detail: Detail, width: int) -> list[Line]:
    """Return the parts that there are, an empty line between the answer and the rest."""
    parts = [
        blocks.gates(screen, detail, width),
        blocks.answers(screen, detail, width),
        blocks.cards(screen, detail, width),
        blocks.elsewhere(screen, detail, width),
        blocks.unassessed(screen, width),
        blocks.notes(screen, detail, width),
    ]
    body = [line for part in parts for line in part]
    return [*blocks.head(screen, verdict, width), *([()] if body else []), *body]
