"""What was not assessed, in a paragraph: how many groups, for want of what, and which is nearest to enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.render import outline, words

if TYPE_CHECKING:
    from auditkit.render.screen.names import Names
    from auditkit.values.report import Report, Skipped

MOST_OTHERS = 3
"""Things besides groups that the paragraph names; the rest are counted."""


@dataclass(frozen=True)
class Unassessed:
    """`entries` is the whole list, `sentences` what a first screen says of it."""

    entries: tuple[Skipped, ...]
    sentences: tuple[str, ...]


def unassessed(report: Report, names: Names) -> Unassessed:
    """Return what a report did not assess."""
    entries = outline.not_assessed(report)
    few = [item for item in entries if item.rows_needed is not None and item.n is not None]
    others = [item for item in entries if item.rows_needed is None or item.n is None]
    return Unassessed(entries, tuple(filter(None, (_few(few, names), _others(others, names)))))


def _few(few: list[Skipped], names: Names) -> str:
    """Return the sentence about groups with too few rows."""
    if not few:
        return ""
    groups = list(dict.fromkeys(_place(item.what) for item in few))
    least = min(few, key=lambda item: (item.rows_needed or 0) - (item.n or 0))
    missing = max((least.rows_needed or 0) - (least.n or 0), 1)
    said = "1 group has" if len(groups) == 1 else f"{len(groups):,} groups have"
    nearest = (
        f"{names.group(_place(least.what))} needs about {missing:,} more row{'' if missing == 1 else 's'}"
    )
    return f"{said} too few rows for some numbers; {'' if len(groups) == 1 else 'the nearest to enough, '}{nearest}."


def _others(others: list[Skipped], names: Names) -> str:
    told = [
        f"{_named(item.what, names)} ({words.visible(item.why, limit=80)})" for item in others[:MOST_OTHERS]
    ]
    more = f"{len(others) - MOST_OTHERS:,} more" if len(others) > MOST_OTHERS else ""
    text = "; ".join(filter(None, (*told, more)))
    if others and ": " in others[0].what:  # a group's name is data: `female` is not `Female`
        return f"{text}."
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _place(what: str) -> str:
    """Return the group of an entry such as `sex=F: tpr, fpr`."""
    group, colon, _ = what.rpartition(": ")
    return group if colon else what


def _named(what: str, names: Names) -> str:
    group, colon, metrics = what.rpartition(": ")
    return words.visible(f"{names.group(group)}: {metrics}" if colon else what, limit=80)
