"""Lines of styled text that fit a screen: wrapped at spaces, cut with an ellipsis, set in columns.

Widths are in cells: a wide letter takes two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Style = Literal["", "bold", "dim", "green", "yellow", "red", "magenta"]
_CODES = {"bold": "1", "dim": "2", "green": "1;32", "yellow": "1;33", "red": "1;31", "magenta": "1;35"}


@dataclass(frozen=True)
class Piece:
    """Some text of one style; a line is a tuple of pieces."""

    text: str
    style: Style = ""


Line = tuple[Piece, ...]


def ansi(lines: Iterable[Line], *, colour: bool) -> str:
    """Return the lines as text, with ANSI escapes only if asked for; no line ends in spaces."""
    if not colour:
        return "".join(f"{''.join(piece.text for piece in line).rstrip()}\n" for line in lines)
    return "".join(f"{''.join(map(_coloured, line)).rstrip()}\n" for line in lines)


def _coloured(piece: Piece) -> str:
    return (
        f"\x1b[{_CODES[piece.style]}m{piece.text}\x1b[0m"
        if piece.style and piece.text.strip()
        else piece.text
    )


def cells(text: str) -> int:
    """Return how many cells a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, width: int) -> str:
    """Return a text of at most `width` cells, its end replaced by an ellipsis where it is longer."""
    if cells(text) <= width:
        return text
    kept = text[: max(width - 1, 0)]
    while kept and cells(kept) > width - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…" if width > 0 else ""


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return a text of exactly `width` cells."""
    text = cut(text, width)
    space = " " * (width - cells(text))
    return space + text if right else text + space


def wrapped(text: str, width: int, *, first: str = "", rest: str = "", style: Style = "") -> list[Line]:
    """Return a text in lines, each after its indent; a word longer than a line is cut into pieces."""
    lines: list[Line] = []
    indent, line = first, ""
    for word in text.split():
        for part in _pieces(word, max(width - max(cells(first), cells(rest)), 8)):
            longer = f"{line} {part}" if line else part
            if line and cells(indent) + cells(longer) > width:
                lines.append((Piece(indent), Piece(line, style)))
                indent, line = rest, part
            else:
                line = longer
    return [*lines, (Piece(indent), Piece(line, style))] if line else lines


def clipped(lines: list[Line], most: int, width: int) -> list[Line]:
    """Return at most so many lines, the last of them ending in an ellipsis where some are left out."""
    if len(lines) <= most:
        return lines
    *before, last = lines[most - 1]
    room = width - sum(cells(piece.text) for piece in before)
    text = last.text if cells(last.text) + 2 <= room else cut(last.text, room - 2).removesuffix("…").rstrip()
    return [*lines[: most - 1], (*before, Piece(f"{text} …", last.style))]


def _pieces(word: str, width: int) -> Iterable[str]:
    while cells(word) > width:
        head = word[:width]
        while cells(head) > width:
            head = head[:-1]
        yield head
        word = word[len(head) :]
    yield word


def in_columns(
    rows: Sequence[Sequence[str]], width: int, *, indent: str, numbers: frozenset[int], gives: int = 1
) -> list[list[str]]:
    """Return the cells of rows padded to columns; the first `gives` columns give way, each to 12 cells at the fewest.

    `numbers` are the columns that are set to the right.
    """
    sizes = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    room = width - cells(indent) - 3 * (len(sizes) - 1)
    for i in range(gives):
        sizes[i] = min(sizes[i], max(sizes[i] + room - sum(sizes), 12))
    return [
        [
            padded(cell, size, right=i in numbers)
            for i, (cell, size) in enumerate(zip(row, sizes, strict=True))
        ]
        for row in rows
    ]
