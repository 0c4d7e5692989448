"""Which side of a number is harm: a rule as the claims that would break it.

A gap harms where it is against the group: rest - group where lower is worse (the true positive rate), group - rest
where higher is worse (the false positive rate), either where no side is worse (the selection rate).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from auditkit.errors import UsageError
from auditkit.gates.condition import parse_condition
from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditkit.gates.condition import Condition
    from auditkit.spec.gate import GateSpec
    from auditkit.values.compare import Compare, Direction
    from auditkit.values.metric import Metric
    from auditkit.values.outcome import Outcome

Side = Literal["above", "below"]
Asks: TypeAlias = Literal["limit", "harm shown", "safety shown", "value"]
"""What decides: both bounds against a limit; proof of harm; proof of safety; the number alone."""


@dataclass(frozen=True)
class Claim:
    """The truth lies above a threshold, or below it."""

    side: Side
    threshold: float

    @property
    def opposite(self) -> Claim:
        """The claim that the truth lies on the other side."""
        return Claim("below" if self.side == "above" else "above", self.threshold)

    def met_by(self, number: float, *, also_equal: bool = False) -> bool:
        """Whether a number lies on the claim's side."""
        beyond = number > self.threshold if self.side == "above" else number < self.threshold
        return beyond or (also_equal and number == self.threshold)


@dataclass(frozen=True)
class Rule:
    """A gate's rule: any one of the claims breaks it, if what the rule asks for is there."""

    claims: tuple[Claim, ...]
    asks: Asks
    also_equal: bool = False


def sides_of(
    gates: Sequence[GateSpec], metrics: Mapping[str, Sequence[Metric]], outcome: Outcome | None
) -> dict[str, frozenset[Side]]:
    """Return by its id on which sides each gate's number harms, as its metric declares it under an outcome.

    `metrics` are those of each step, by its id. It needs no finding: a gate without any has a worse side all the same.
    """
    found: dict[str, frozenset[Side]] = {}
    for gate in gates:
        metric = next((one for one in metrics.get(gate.on, ()) if one.name == gate.metric), None)
        if metric is None:  # of a step whose plugin is not here
            continue
        direction = COMPARISONS[gate.compare].direction or metric.direction_under(outcome)
        with suppress(UsageError):  # no side of it is worse
            claims = rule_of(gate, direction, signed=metric.signed).claims
            found[gate.id] = frozenset(claim.side for claim in claims)
    return found


def rule_of(gate: GateSpec, direction: Direction, *, signed: bool = False) -> Rule:
    """Return the rule by which a gate reads numbers of this direction; UsageError where it has none.

    `signed` numbers are gaps whatever they are compared with, such as a mean score less what was observed.
    """
    if gate.largest is not None:
        return Rule(harm_beyond(gate.largest, gate.compare, direction, signed=signed), "limit")
    return one_sided(parse_condition(gate.fail_if or ""), gate.compare, direction)


def warning_of(gate: GateSpec, direction: Direction) -> Rule:
    """Return the rule by which a gate warns."""
    return one_sided(parse_condition(gate.warn_if or ""), gate.compare, direction)


def one_sided(condition: Condition, compare: Compare, direction: Direction) -> Rule:
    """Return the rule that a condition states, or raise UsageError for one that blames the better side."""
    if COMPARISONS[compare].signed or direction != "neither":
        upwards = COMPARISONS[compare].signed or direction == "higher_is_worse"
        if condition.upwards != upwards:
            raise UsageError(_wrong_way(condition, compare, upwards=upwards))
        claims = harm_beyond(condition.threshold, compare, direction)
    else:
        claims = (Claim("above" if condition.upwards else "below", condition.threshold),)
    asks: Asks = "safety shown"
    if condition.bound == "value":
        asks = "value"
    elif (condition.bound == "lower_bound") == condition.upwards:
        asks = "harm shown"
    return Rule(claims, asks, also_equal=condition.sign.endswith("="))


def harm_beyond(
    limit: float, compare: Compare, direction: Direction, *, signed: bool = False
) -> tuple[Claim, ...]:
    """Return the claims that harm is beyond a limit: a ceiling where higher is worse, a floor where lower is.

    A gap of which no side is worse harms on both, and so does a `signed` number.
    """
    if COMPARISONS[compare].signed or (signed and direction == "neither"):
        above, below = Claim("above", limit), Claim("below", -limit)
        return {"higher_is_worse": (above,), "lower_is_worse": (below,), "neither": (above, below)}[direction]
    match direction:
        case "higher_is_worse":
            return (Claim("above", limit),)
        case "lower_is_worse":
            return (Claim("below", limit),)
        case "neither":
            message = (
                "no side of this number is worse, so it has no limit; write fail_if with a bound and a sign"
            )
            raise UsageError(message)


def _wrong_way(condition: Condition, compare: Compare, *, upwards: bool) -> str:
    if COMPARISONS[compare].signed:
        return (
            "a gap is read as harm to the group, so that more is worse: write lower_bound > (or limit:), not "
            f"{condition.bound} {condition.sign}"
        )
    sign, bound = (">", "lower_bound") if upwards else ("<", "upper_bound")
    return (
        f"{'higher' if upwards else 'lower'} is worse here: write {bound} {sign} (or limit:), not "
        f"{condition.bound} {condition.sign}, which blames the better side"
    )
