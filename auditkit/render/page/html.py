"""The report as one HTML file that needs no network and no other file; its one script only filters and sorts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from auditkit.render import outline, verdicts, words
from auditkit.render.page import appendix, grid, steps, strips
from auditkit.render.screen.names import sentence
from auditkit.render.screen.screen import first_screen
from auditkit.values.shown.said import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

    from auditkit.render.outline import Section
    from auditkit.render.screen.screen import Screen
    from auditkit.values.report import Report

ALL_STRIPS, ALL_GRIDS = 1500, 1200
"""Comparisons of all gates and rows of all grids that a page holds; the JSON has all."""
NAME, TEXT, PARAGRAPH = 160, 600, 4000
"""Letters of a name in a cell, of a sentence and of a paragraph; the JSON has the whole."""
MINED_SHOWN, LINES = 40, 1000
"""Cards of mined groups, and lines of the recipe, on a page."""


def render(report: Report) -> str:
    """Return the page; the same report gives the same bytes."""
    from markupsafe import Markup

    style, script = (_text(name) for name in ("style.css", "filter.js"))
    page = (
        _room()
        .get_template("page.html.j2")
        .render(
            **_shown(report),
            style=Markup(style),  # noqa: S704  our own file, not data
            script=Markup(script),  # noqa: S704  our own file, not data
            policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'",
        )
    )
    return page.rstrip() + "\n"


def _shown(report: Report) -> dict[str, Any]:
    """Return what the templates lay out, in the order in which they do."""
    sections = outline.sections(report)
    screen = first_screen(report, made=sections)
    grids = _grids(sections, screen)
    carded = {card.step for card in screen.cards}
    seen = frozenset({one.step for one in grids} | carded)
    known = {section.step.id for section in sections}
    parts = steps.parts_of(sections, report, screen, seen=seen)
    return {
        "report": report,
        "screen": screen,
        "counts": tuple(_counts(report, screen)),
        "strips": _strips(screen),
        "grids": grids,
        "parts": parts,
        "loose": _answers(screen, {answer.step for answer in screen.answers} - known),
        "beside": _answers(screen, {one.step for one in grids}),
        "mined": _answers(screen, carded - {one.step for one in grids}),
        "cards": screen.cards[:MINED_SHOWN],
        "expressions": {
            (e.step, words.visible(e.name, limit=40)): e.expression for e in report.groups if e.step
        },
        "save": next((line for line in screen.commands if "--save-groups" in line), ""),
        "appendix": appendix.appendix_of(report, sections),
    }


def _counts(report: Report, screen: Screen) -> Iterator[str]:
    """Yield what was measured, in numbers, and by which rules."""
    found_by = {step.id for step in report.steps if step.kind == "finder"}
    told = [finding for finding in report.findings if finding.group and finding.step not in found_by]
    measured = sum(finding.value is not None for finding in told)
    if told:
        groups = len({finding.group for finding in told})
        yield f"{measured:,} number{'' if measured == 1 else 's'} about {groups:,} group{'' if groups == 1 else 's'}"
    if len(told) > measured:
        yield f"{len(told) - measured:,} more could not be measured"
    if screen.cards:
        held = sum(card.confirmed is True for card in screen.cards)
        yield f"{len(screen.cards):,} found that nobody named, {held:,} confirmed"
    stats = report.recipe.get("stats")
    rules = stats if isinstance(stats, Mapping) else {}
    if isinstance(level := rules.get("confidence"), float):
        yield f"{percent((1 + level) / 2, 'down')} confidence on each side"
    said = (("seed", "seed {}"), ("correction", "correction {}"), ("min_n", "at least {} rows a group"))
    yield from (text.format(words.plain(rules[key], 20)) for key, text in said if key in rules)


def _answers(screen: Screen, of: set[str]) -> tuple[steps.Said, ...]:
    """Return the answers of some steps, without those about one card, which says it itself."""
    cards = tuple(f"{card.name} " for card in screen.cards)
    kept = (one for one in screen.answers if one.step in of and not one.text.startswith(cards))
    return tuple(steps.said(one) for one in kept)


def _strips(screen: Screen) -> tuple[strips.Strip, ...]:
    made, room = [], ALL_STRIPS
    for block in screen.gates:
        made.append(strips.strip_of(block, room=room))
        room -= len(made[-1].rows) + len(made[-1].folded)
    return tuple(made)


def _grids(sections: tuple[Section, ...], screen: Screen) -> tuple[grid.Grid, ...]:
    made: list[grid.Grid] = []
    for section in sections:
        room = ALL_GRIDS - sum(len(one.rows) + len(one.folded) for one in made)
        found = grid.grid_of(section, screen, room=room)
        made += [found] if found else []
    return tuple(made)


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _room() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    room = Environment(
        loader=PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.globals.update(words=words, signs=verdicts.SIGNS, outcomes=verdicts.OUTCOMES)
    room.filters.update(
        name=lambda text: words.visible(str(text), limit=NAME),
        text=lambda text: words.visible(str(text), limit=TEXT),
        paragraph=lambda text: words.visible(str(text), limit=PARAGRAPH),
        lines=lambda text: "\n".join(words.visible(line, limit=TEXT) for line in text.splitlines()[:LINES]),
        plain=lambda value: words.plain(value, TEXT),
        sentence=sentence,
        count=lambda n: "" if n is None else f"{n:,}",
        percent=percent,
        drawn=Markup,
    )
    return room
