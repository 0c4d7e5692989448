"""How a number is computed: its formula in the field's terms, its unit, and which side is worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditkit.values.compare import Compare, Direction
    from auditkit.values.outcome import Outcome


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold().replace("%", "percent")))


@dataclass(frozen=True, kw_only=True)
class Metric:
    """How a number is computed: its formula in the field's terms, and where it comes from.

    Findings take unit, direction and sign from here; see `auditkit.values.finding.as_declared`.
    """

    name: str
    title: str
    formula: str
    unit: str = "share"
    direction: Direction = "neither"
    """Which side is worse; with `favourable` or `unfavourable` only where the target has not two classes."""
    favourable: Direction | None = None
    """Which side is worse where the class that is counted is a benefit; None: as `direction` says."""
    unfavourable: Direction | None = None
    """Which side is worse where the class that is counted is a burden; None: as `direction` says."""
    source: str = ""
    compares: tuple[Compare, ...] = ("absolute",)
    """The comparisons that the step reports it in, and so the only ones that a gate may ask for."""
    signed: bool = False
    """Whether the number is itself a gap: 0 means no worse than the others."""
    also: tuple[str, ...] = ()
    """Its other names, by which it is found too."""
    said: str = ""
    """What it is called within a sentence, such as `recall`; its title where that is empty."""

    def is_called(self, name: str) -> bool:
        """Return whether this is one of the metric's names, whatever its capitals, spaces and marks: `80 % rule`."""
        asked = _letters(name)
        return bool(asked) and asked in map(_letters, (self.name, self.title, self.said, *self.also))

    @property
    def depends(self) -> bool:
        """Whether the worse side depends on what the counted class means to a person."""
        return self.favourable is not None or self.unfavourable is not None

    def direction_under(self, outcome: Outcome | None) -> Direction:
        """Return which side is worse under an outcome; None stands for a target that has not two classes."""
        if outcome is None or not self.depends:
            return self.direction
        if not outcome.said or outcome.kind == "positive":
            return "neither"
        return (self.favourable if outcome.kind == "favourable" else self.unfavourable) or self.direction
