"""What each gate of a recipe needs: a table of its groups, or a sentence where no rows can be told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.gates.check import BOUNDED
from auditkit.gates.decide import weighed
from auditkit.gates.harm import rule_of
from auditkit.measures import levels
from auditkit.running.power.needs import LIKELY, Question, enough, need_of
from auditkit.running.power.prospects import prospects
from auditkit.values.compare import COMPARISONS
from auditkit.values.shown.exhibit import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.gates.decide import Weighed
    from auditkit.gates.harm import Rule
    from auditkit.running.power.needs import Need
    from auditkit.running.power.prospects import Prospect
    from auditkit.spec.gate import GateSpec
    from auditkit.spec.stats import Stats
    from auditkit.values.finding import Finding

BEYOND = 0.1
"""How far beyond its limit a share's true gap is that a gate should find, where nobody says; else twice the limit."""


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """A gate with what it reads, its rule, how many comparisons are corrected with it, and a finding as an example."""

    read: Weighed
    rule: Rule
    like: Finding
    family: int
    stats: Stats
    gap: float | None

    @property
    def gate(self) -> GateSpec:
        return self.read.gate

    @property
    def signed(self) -> bool:
        return COMPARISONS[self.gate.compare].signed or len(self.rule.claims) > 1

    @property
    def threshold(self) -> float:
        """The rule's threshold, as harm where the number is a gap."""
        threshold = self.rule.claims[0].threshold
        return abs(threshold) if self.signed else threshold

    @property
    def true_gap(self) -> float:
        """The gap that is taken to be true; of a number that is no gap, how far beyond the rule it is."""
        if self.gap is not None:
            return self.gap
        return (BEYOND if self.bounded else abs(self.threshold)) + self.threshold * self.signed

    @property
    def bounded(self) -> bool:
        """Whether the number is a share."""
        return self.like.unit in BOUNDED

    def question(self, *, measured: bool) -> Question:
        """Return what is asked about a group; one that cannot be measured yet would be one comparison more."""
        share = self.bounded and not (self.signed or self.like.signed)
        alpha, m = (1 - self.stats.confidence) / 2, self.family + (not measured)
        return Question(
            rule=self.rule,
            signed=self.signed,
            gap=self.true_gap,
            harm=float(levels([0.0] + [1.0] * (m - 1), alpha, self.stats.correction)[0]),
            alone=alpha,
            fewest=self.stats.min_n,
            limits=(0.0, 1.0) if share else (-math.inf, math.inf),
        )


def gate_answers(
    gates: Sequence[GateSpec], findings: Sequence[Finding], stats: Stats, *, gap: float | None
) -> Iterator[Table | str]:
    """Yield, for each gate, the table of its groups, or why there is none."""
    read = [weighed(gate, findings) for gate in gates]
    counts = [_comparisons(one) for one in read]
    for one, mine in zip(read, counts, strict=True):
        speaking = [e.finding for e in one.evidence] + list(one.silent)
        if not speaking:
            if one.gate.group is None:  # of a named group, the plan says what it lacks
                yield f"gate '{one.gate.id}': there is no group to compare"
            continue
        rule = rule_of(one.gate, speaking[0].direction, signed=speaking[0].signed)
        family = sum(counts) if stats.family == "run" else mine
        reading = _Reading(read=one, rule=rule, like=speaking[0], family=family, stats=stats, gap=gap)
        yield _silence(reading) or _table(reading, list(prospects(one, findings, stats)))


def _comparisons(read: Weighed) -> int:
    """Return how many comparisons of a gate are in the family that is corrected for."""
    return sum(e.rule.asks in {"limit", "harm shown"} and e.harm is not None for e in read.evidence)


def _silence(reading: _Reading) -> str:
    """Return why no rows can be told, "" where they can."""
    gate, read = reading.gate, reading.read
    if reading.rule.asks == "value":
        return f"gate '{gate.id}' reads the value alone: no number of rows makes it sure"
    if read.evidence and not list(prospects(read, (), reading.stats)):
        return (
            f"gate '{gate.id}': rows are told for values and for gaps to the rest or to a reference group, "
            f"not for compare: {gate.compare}"
        )
    if reading.true_gap == 0:
        return (
            f"gate '{gate.id}': say which gap it should find: --gap, in {reading.like.unit or 'its own unit'}"
        )
    if not read.evidence:
        return f"gate '{gate.id}': no group has enough rows to tell what it needs: {read.silent[0].reason}"
    return ""


def _table(reading: _Reading, found: Sequence[Prospect]) -> Table:
    """Return a gate's table: the rows of each group, those it needs, what is found now, and whether that is enough."""
    gate = reading.gate
    questions = [reading.question(measured=prospect.measured) for prospect in found]
    needs = [need_of(prospect, question) for prospect, question in zip(found, questions, strict=True)]
    asked = questions[0]
    what, side = "gap" if asked.signed else "value", asked.rule.claims[0]
    harm = asked.gap if asked.signed else asked.harmful(side)
    columns = ["group", "rows"]
    columns += [f"to hold, true {what} {asked.harmless(side):g}"] * asked.may_hold
    columns += [f"to break, true {what} {harm:g}", f"{what} found now"] * asked.may_break
    rows = tuple(
        (prospect.group or "all rows", prospect.rows, *_cells(need, question), _yes(prospect, question, need))
        for prospect, question, need in zip(found, questions, needs, strict=True)
    )
    kind = COMPARISONS[gate.compare].title
    rule = f"limit {gate.largest:g}" if gate.largest is not None else f"fail if {gate.fail_if}"
    return Table(
        title=f"Rows that gate '{gate.id}' needs: {gate.metric}, {kind}, {rule}",
        columns=(*columns, "enough now"),
        rows=rows,
        caption=_caption(reading, asked),
    )


def _cells(need: Need, question: Question) -> tuple[float | None, ...]:
    found = None if need.found is None else float(f"{need.found:.3g}")
    return (need.holds,) * question.may_hold + (need.breaks, found) * question.may_break


def _yes(prospect: Prospect, question: Question, need: Need) -> str:
    return "yes" if enough(prospect, question, need) else "no"


def _caption(reading: _Reading, asked: Question) -> str:
    """Return what the numbers mean, and why a gap that is no further than the rule is never found."""
    rate = ", at the rate that everybody has in these rows" * reading.signed
    parts = [f"Each with a chance of {LIKELY:.0%}{rate}."]
    if asked.may_break:
        corrected = f", corrected for {reading.family} comparisons" * (reading.stats.correction != "none")
        parts.append(f"Harm is shown one-sidedly at {asked.alone:g}{corrected}.")
        if reading.signed and reading.true_gap <= reading.threshold:
            parts.append(
                f"A true gap of {reading.true_gap:g} is not beyond {reading.threshold:g}: it is found by chance alone, "
                f"in {asked.alone:.1%} of runs or fewer, however many rows there are; 'gap found now' says what is."
            )
    if asked.may_hold:
        parts.append(f"That a group holds is shown at {asked.alone:g}; the gate holds when every group does.")
    parts.append("Empty: no number of rows, or no gap, is enough.")
    return " ".join(parts)
