"""A score: how often something happened in runs of the mining, and between which counts it must lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Score:
    """`count` of `runs`; `least` and `most` are the bounds that it must keep."""

    what: str
    count: int
    runs: int
    least: int = 0
    most: int | None = None

    @property
    def holds(self) -> bool:
        """Whether the count is within its bounds."""
        return self.least <= self.count <= (self.runs if self.most is None else self.most)

    @property
    def line(self) -> str:
        """The score as `make sizes` prints it."""
        bound = f"at least {self.least}" if self.most is None else f"at most {self.most}"
        return f"{self.what}: {self.count} of {self.runs}, {bound}{'' if self.holds else ': BROKEN'}"


def seldom(what: str, count: int, runs: int, *, level: float) -> Score:
    """Return the score of something that happens by chance at a nominal level; more than `most` has p < .001."""
    from scipy.stats import binom

    return Score(what=what, count=count, runs=runs, most=int(binom.isf(0.001, runs, level)))
