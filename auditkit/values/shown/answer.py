"""What a step found, in a sentence that a person can repeat, and how sure that is."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal

Sure = Literal["shown", "not_shown", "too_few", "stated"]
"""`shown`: it stands at the confidence that `basis` names. `not_shown`: the evidence does not decide. `too_few`: there
were too few rows to say. `stated`: counted or foretold, and claimed of nothing beyond."""


@dataclass(frozen=True)
class Answer:
    """What a step found, in one sentence such as "Women are 2 % of the list and 8 % of the people".

    The first of a step's answers stands on the first screen of every report, so it comes in the order of what matters
    most. `basis` says what it rests on: rows, confidence, correction. `harm` marks what somebody should act on.
    `exhibit` is the title of the step's table or chart that shows it. `step` is filled in by the engine.
    """

    text: str
    _: KW_ONLY
    step: str = ""
    basis: str = ""
    sure: Sure = "stated"
    harm: bool = False
    exhibit: str = ""
