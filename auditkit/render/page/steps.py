"""What each step answers: its sentences, the picture that shows them, and what goes to the appendix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.render import words
from auditkit.render.page import gallery, moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditkit.render.outline import Section
    from auditkit.render.screen.screen import Screen
    from auditkit.values.report import Report
    from auditkit.values.shown.answer import Answer

SURE = {"shown": "shown", "not_shown": "not shown", "too_few": "too few rows to say", "stated": ""}
OPEN_LINES = 1
"""Lines of charts that stand open for a step whose answers name none of them."""


@dataclass(frozen=True)
class Said:
    """An answer on the page: `tone` colours it, `sure` and `basis` say what it rests on."""

    text: str
    tone: str
    basis: str


@dataclass(frozen=True)
class Part:
    """One step: what stands open on the page, and what is folded in the appendix."""

    section: Section
    anchor: str
    answers: tuple[Said, ...]
    moves: tuple[moves.Moves, ...]
    pictures: tuple[tuple[gallery.Picture, ...], ...]
    bars: tuple[gallery.Bars, ...]
    more_pictures: tuple[tuple[gallery.Picture, ...], ...]
    listings: tuple[gallery.Listing, ...]

    @property
    def shows(self) -> bool:
        """Whether anything of the step stands open."""
        return bool(self.answers or self.moves or self.pictures or self.bars)

    @property
    def folds(self) -> bool:
        """Whether the step has anything in the appendix besides its numbers."""
        return bool(self.more_pictures or self.listings)


def parts_of(
    sections: Sequence[Section], report: Report, screen: Screen, *, seen: frozenset[str]
) -> tuple[Part, ...]:
    """Return the steps in the order in which they ran; the charts of steps in `seen`, drawn elsewhere, are folded."""
    by_step: dict[str, list[Answer]] = {}
    for answer in screen.answers:
        by_step.setdefault(answer.step, []).append(answer)
    titles: dict[tuple[str, str], str] = {}
    for answer in report.answers:  # in the order of what matters most
        titles.setdefault((answer.step, answer.exhibit), answer.text)
    shown = gallery.galleries(sections, titles)
    parts = []
    for index, section in enumerate(sections, start=1):
        own = next(shown)
        titled = [line for line in own.pictures if any(picture.answer for picture in line)]
        opened = titled or ([] if section.step.id in seen else list(own.pictures[:OPEN_LINES]))
        own_answers = [] if section.step.id in seen else by_step.get(section.step.id, [])
        parts.append(
            Part(
                section=section,
                anchor=f"step-{index}",
                answers=tuple(said(one) for one in own_answers if not _titles(one, opened, own.bars)),
                moves=moves.moves_of(section, screen.names),
                pictures=tuple(opened),
                bars=own.bars,
                more_pictures=tuple(line for line in own.pictures if line not in opened),
                listings=own.listings,
            )
        )
    return tuple(parts)


def said(answer: Answer) -> Said:
    """Return an answer as the page shows it."""
    basis = "; ".join(filter(None, (SURE[answer.sure], words.visible(answer.basis, limit=300))))
    tone = "bad" if answer.harm else "open" if answer.sure in {"not_shown", "too_few"} else ""
    return Said(words.visible(answer.text, limit=600), tone, basis)


def _titles(
    answer: Answer, lines: Iterable[tuple[gallery.Picture, ...]], bars: Iterable[gallery.Bars]
) -> bool:
    """Whether something that stands open has the answer as its title."""
    pictures = (picture.answer for line in lines for picture in line)
    return answer.text in {*pictures, *(one.answer for one in bars)}
