"""Numbers and groups as people say them: 34 %, 24 points, Male · age 0 to 25.

Shares are said in percent in sentences and 0.34 in tables; a gap between shares is said in points. A bound is rounded
away from what it claims, so that no sentence says more than was shown.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Toward = Literal["nearest", "down", "up"]
MOST_DIGITS = 6
AND, DOT = " & ", " · "
_TELLS_NOTHING = frozenset(
    (
        "yes",
        "no",
        "true",
        "false",
        "none",
        "nan",
        "null",
        "other",
        "others",
        "unknown",
        "missing",
        "high",
        "medium",
        "low",
        "good",
        "bad",
        "big",
        "small",
        "large",
        "positive",
        "negative",
        "left",
        "right",
        "neither",
        "both",
    )
)
"""Values that say nothing without the name of their attribute."""
_NUMBER = r"[+\-−]?[\d.,]+(?:e[+\-]?\d+)?"
_RANGE = re.compile(rf"under {_NUMBER}|{_NUMBER} to {_NUMBER}|{_NUMBER} and over")
"""How the groups of an attribute that is cut into bins are called."""


def percent(share: float, toward: Toward = "nearest") -> str:
    """Return a share as `34 %`, with a decimal below 10 % and above 90 %, and never 0 % or 100 % where it is not."""
    size = 100 * abs(share)
    digits = 1 if 0 < size < 10 or 90 < size < 100 else 0
    while digits < MOST_DIGITS and size not in {0, 100} and float(_rounded(size, digits, toward)) in {0, 100}:
        digits += 1
    return f"{'−' if share < 0 else ''}{_short(_rounded(size, digits, toward))} %"


def points(gap: float, toward: Toward = "nearest", *, beside: float | None = None) -> str:
    """Return the size of a gap between shares in percentage points: `24`, `8.7`, `0`.

    With `beside`, a limit as a share, there are digits enough to tell the gap from the limit.
    """
    return _apart(100 * abs(gap), toward, None if beside is None else 100 * abs(beside))


def plain_number(value: float, toward: Toward = "nearest", *, beside: float | None = None) -> str:
    """Return a number that is no share with two decimals or three digits: `0.28`, `1,234`, `−0.06`."""
    sign = "−" if value < 0 else ""
    if value < 0 and toward != "nearest":
        toward = "up" if toward == "down" else "down"
    size = abs(value)
    if size >= 1000:
        return f"{sign}{float(_rounded(size, 0, toward)):,.0f}"
    digits = 2 if size >= 0.095 or size == 0 else min(1 - math.floor(math.log10(size)), MOST_DIGITS)
    text = _rounded(size, digits, toward)
    while beside is not None and digits < MOST_DIGITS and float(text) == abs(beside) != size:
        digits += 1
        text = _rounded(size, digits, toward)
    return sign + text if any(digit in text for digit in "123456789") else "0"


def _apart(size: float, toward: Toward, beside: float | None) -> str:
    digits = 0 if size >= 10 or size == 0 else 1
    text = _rounded(size, digits, toward)
    while digits < MOST_DIGITS and (
        (beside is not None and math.isclose(float(text), beside) and not math.isclose(size, beside))
        or (size > 0 and float(text) == 0 and toward == "nearest" and digits < 2)
    ):
        digits += 1
        text = _rounded(size, digits, toward)
    return _short(text)


def _rounded(size: float, digits: int, toward: Toward) -> str:
    scale = 10**digits
    scaled = round(size * scale, 9)  # 0.29 * 100 is 28.999999999999996, and is no 28
    match toward:
        case "nearest":
            return f"{round(scaled) / scale:.{digits}f}"
        case "down":
            return f"{math.floor(scaled) / scale:.{digits}f}"
        case "up":
            return f"{math.ceil(scaled) / scale:.{digits}f}"


def _short(text: str) -> str:
    """Return a number without a decimal that is 0."""
    return text.removesuffix(".0")


class GroupWords:
    """Names of groups in words, for attributes with these labels: `sex=Male & age=0 to 25` is `Male · age 0 to 25`.

    A label stands alone where it is a word that only one attribute has; else its attribute stands before it. A name
    that is not made of such groups, such as that of a mined one, stays as it is.
    """

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        every = [(name, str(label)) for name, held in labels.items() for label in held]
        count: dict[str, int] = {}
        for _, label in every:
            count[label] = count.get(label, 0) + 1
        self._words = {
            f"{name}={label}": label
            if count[label] == 1 and _speaks(label)
            else f"{name}{' ' if _joins(label) else ' = '}{label}"
            for name, label in every
        }

    def __call__(self, name: str) -> str:
        """Return a group's name in words."""
        if name in self._words or AND not in name:
            return self._words.get(name, name)
        parts = [self._words.get(part) for part in name.split(AND)]
        return DOT.join(part for part in parts if part) if all(parts) else name


def _speaks(label: str) -> bool:
    """Whether a label says of itself what it is."""
    word = label.strip()
    wordy = bool(re.search(r"[^\W\d_]{3}", word)) and not _RANGE.fullmatch(word)
    return wordy and word.casefold() not in _TELLS_NOTHING


def _joins(label: str) -> bool:
    """Whether a label follows its attribute without a sign between: a range such as `0 to 25`."""
    return bool(_RANGE.fullmatch(label))
