"""Values, names and tables that break what was written with friendlier ones in mind."""

from __future__ import annotations

import datetime
import decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from random import Random

ROWS = (3, 12, 60, 60)
NAMES = (
    "x", "y", "p", "s", "sex", "", " ", "a b", "a`b", "a'b", 'a"b', "a\nb", "a,b", "__index_level_0__", "Unnamed: 0",
    "n" * 300, "é", "\u202eabc", "\x1b[31mred", "😀", "index", "group", "0", "1.5", "True", "nan", "level_0", "=1+1",
    "@table", "y=1", "a & b", "/etc/passwd", "..", "pred", "score", "None", "{x}", "%s", "[bold]", "<b>",
)  # fmt: skip
TEXTS = (
    "a", "b", "", " ", "NA", "nan", "None", "1", "01", "1.0", "1e5", "true", "é", "😀", "\x1b[2J", "<script>", "a" * 3000,
    "2024-01-01", "9999-12-31", "=cmd()", "a,b", 'a"b', "a\nb", "\u202e", "\x00", "\x7f", "ß", "İ", "&amp;", "[/]", "{",
)  # fmt: skip
NUMBERS = (
    0, 1, -1, 2, 0.5, 1e-320, 1e308, -1e308, 1e17, 2**53 + 1, 2**63 - 1, -(2**63), 2**31, 1e-9, 100, 3.14159, -0.0,
    float("nan"), float("inf"), float("-inf"),
)  # fmt: skip
DATES = (
    datetime.datetime(2024, 2, 29), datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59),
    datetime.datetime(1677, 9, 21), datetime.datetime(2262, 4, 12), datetime.datetime(1970, 1, 1), None,
)  # fmt: skip


def column(random: Random, n: int) -> Any:
    """Return the values of one column [n] of some kind."""
    kinds = (
        _choice(random, n, (0, 1)),
        _choice(random, n, (0, 1, 2, 5, 10, 11)),
        _choice(random, n, ("F", "M")),
        _choice(random, n, TEXTS),
        _choice(random, n, NUMBERS),
        _choice(random, n, (True, False)),
        _choice(random, n, (True, False, None)),
        _choice(random, n, DATES),
        _choice(random, n, (1, "1", None, True, 2.5)),
        _choice(random, n, ([1.0, 2.0], [1.0], [], None)),
        _choice(random, n, ([1.0, 2.0], [0.5, -1.0])),
        _choice(random, n, ({"a": 1}, {})),
        _choice(random, n, (b"a", b"\xff")),
        _choice(random, n, (decimal.Decimal("1.5"), decimal.Decimal("1e30"))),
        _choice(random, n, (datetime.time(1, 2), datetime.time(23, 59))),
        _choice(random, n, (datetime.timedelta(1), datetime.timedelta(-1))),
        _choice(random, n, (datetime.date(2024, 1, 1), datetime.date(9999, 12, 31))),
        [None] * n,
        [random.choice((7, "same", 0.0))] * n,
        [f"id-{i}" for i in range(n)],
        [random.random() for _ in range(n)],
        [random.gauss(0, 1) * 10 ** random.randint(-300, 300) for _ in range(n)],
        list(range(n)),
    )
    return random.choice(kinds)


def table(random: Random) -> pd.DataFrame:
    """Return a table in which some columns are as they should be and others are not."""
    n = random.choice(ROWS)
    frame = pd.DataFrame(
        {
            "x": [random.gauss(0, 1) for _ in range(n)],
            "sex": _choice(random, n, ("F", "M")),
            "y": _choice(random, n, (0, 1)),
            "p": _choice(random, n, (0, 1)),
            "s": [random.random() for _ in range(n)],
            "v": [[random.random(), 1.0] for _ in range(n)],
        }
    )
    for _ in range(random.choice((0, 1, 1, 2))):
        name = random.choice(NAMES)
        frame[name] = pd.Series(column(random, n), index=frame.index, dtype=random.choice((None, object)))
    if random.random() < 0.1:
        frame = frame.drop(columns=random.sample(list(frame.columns), random.randint(1, 4)))
    if random.random() < 0.1:
        frame["c"] = pd.Categorical(
            frame["sex"] if "sex" in frame else ["u"] * n, categories=["M", "F", "other", "u"]
        )
    return frame


def arrays(random: Random) -> dict[str, Any]:
    """Return named arrays of one length, mostly."""
    n = random.choice(ROWS)
    found: dict[str, Any] = {
        "x": np.array([random.gauss(0, 1) for _ in range(n)]),
        "sex": np.array(_choice(random, n, ("F", "M"))),
        "y": np.array(_choice(random, n, (0, 1))),
        "p": np.array(_choice(random, n, (0, 1)), dtype=random.choice(("<i4", ">i8", "u1", "f2", "?"))),
        "s": np.array([random.random() for _ in range(n)]),
    }
    for _ in range(random.randint(0, 2)):
        made = (
            np.zeros((n, random.choice((0, 1, 3)))),
            np.array(_choice(random, n, NUMBERS), dtype=float),
            np.array(_choice(random, n, TEXTS)),
            np.array([b"a", b"\xff"] * n)[:n],
            np.zeros(
                n, dtype=random.choice(("M8[D]", "m8[s]", "M8[as]", "c16", "U0", "S0", "V3", "f16", "M8"))
            ),
            np.zeros(n + 1),
            np.zeros((n, 2, 2)),
            np.array(1.0),
            np.full(n, np.iinfo(np.uint64).max),
        )
        found[random.choice(NAMES)] = random.choice(made)
    return found


def _choice(random: Random, n: int, among: tuple[Any, ...]) -> list[Any]:
    return [random.choice(among) for _ in range(n)]
