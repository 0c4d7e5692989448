"""Decides what must hold: findings in, gates with every comparison that they made out.

Harm is claimed at (1 - confidence) / 2, so that one comparison reads the interval as it is printed, corrected for the
comparisons of the family; so is the claim that a single comparison holds. That a whole gate holds needs no correction:
every comparison must show it (an intersection-union test). The family is fixed by the rows there are, never by what
was observed in them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditkit.gates.evidence import ends, weigh
from auditkit.gates.harm import rule_of, warning_of
from auditkit.gates.judge import Levels, judge, notes_of
from auditkit.gates.words import message_of
from auditkit.values.gate import GateComparison, GateResult, Judged, outcome_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from auditkit.gates.census import Census, StoredCensus
    from auditkit.gates.evidence import Evidence
    from auditkit.gates.harm import Side
    from auditkit.spec.gate import GateSpec
    from auditkit.spec.stats import Stats
    from auditkit.values.finding import Finding

ORDER: dict[Judged, int] = {"breaks": 0, "absent": 1, "not_shown": 2, "too_few": 3, "holds": 4, "waived": 5}
"""From the worst to the best."""


@dataclass(frozen=True)
class Weighed:
    """One gate with what its findings say: under its rule, under its warning rule, and those without a number."""

    gate: GateSpec
    evidence: tuple[Evidence, ...]
    warnings: tuple[Evidence, ...]
    silent: tuple[Finding, ...]
    notes: Mapping[int, str]


def decide(
    gates: Sequence[GateSpec],
    findings: Sequence[Finding],
    stats: Stats,
    *,
    ran: Collection[str],
    census: Census | StoredCensus | None = None,
    sides: Mapping[str, Collection[Side]] | None = None,
) -> tuple[GateResult, ...]:
    """Return what each gate says about the findings of its step, at their last stage.

    `ran` are the ids of the steps that ran; `sides`, by gate, those on which it harms where no finding says it.
    `census` tells a named group that the data lack from one that is too
    small; without it, one that no finding speaks of is absent.
    """
    read = [weighed(gate, findings) for gate in gates]
    notes = {key: note for one in read for key, note in one.notes.items()}
    families = [read] if stats.family == "run" else [[one] for one in read]
    allowed = {id(e): level for family in families for e, level in _levels(family, stats)}
    every = [e for one in read for e in (*one.evidence, *one.warnings)]
    bounds = ends(every, [(allowed[id(e)].harm, allowed[id(e)].safety) for e in every])
    judged = {
        id(e): judge(e, allowed[id(e)], bound, note=notes.get(id(e.finding), ""))
        for e, bound in zip(every, bounds, strict=True)
    }
    results = []
    for one in read:
        rows = _rows(one, judged, ran=one.gate.on in ran, census=census)
        harms = {claim.side for e in one.evidence for claim in e.rule.claims}
        harms = harms or set((sides or {}).get(one.gate.id, ()))
        results.append(_result(one.gate, rows, stats, harms=harms, ran=one.gate.on in ran))
    return tuple(results)


def weighed(gate: GateSpec, findings: Sequence[Finding]) -> Weighed:
    """Return what the findings that a gate matches say about it."""
    matched = _matched(gate, findings)
    rules = [(finding, rule_of(gate, finding.direction, signed=finding.signed)) for finding in matched]
    speaking = [(f, r) for f, r in rules if f.value is not None and (f.interval or r.asks == "value")]
    warned = [(f, warning_of(gate, f.direction)) for f, _ in speaking] if gate.warn_if else []
    heard = {id(finding) for finding, _ in speaking}
    return Weighed(
        gate=gate,
        evidence=weigh(speaking),
        warnings=weigh(warned),
        silent=tuple(finding for finding in matched if id(finding) not in heard),
        notes=notes_of(matched),
    )


def words_of_rule(gate: GateSpec) -> str:
    """Return the rule of a gate as its result repeats it: its condition, or its limit."""
    return gate.fail_if or f"{'limit' if gate.margin is None else 'margin'} {gate.largest:g}"


def _matched(gate: GateSpec, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of the gate's step, metric, comparison and group, at their last stage."""
    read = (gate.on, gate.metric, gate.compare)
    mine = [f for f in findings if (f.step, f.metric, f.compare) == read and _names(gate.group, f.group)]
    last = max((f.stage for f in mine), default=0)
    return [f for f in mine if f.stage == last]


def _names(group: str | None, found: str) -> bool:
    """Whether a gate's group, None for any, is the one that was found, perhaps as one class against the rest."""
    return group is None or group in {found, found.rpartition(" [")[0]}


def _levels(family: Sequence[Weighed], stats: Stats) -> Iterator[tuple[Evidence, Levels]]:
    """Yield each piece of evidence with the levels at which it may claim harm, and safety."""
    from auditkit.measures import levels

    alpha = (1 - stats.confidence) / 2
    for pieces in ([e for one in family for e in one.evidence], [e for one in family for e in one.warnings]):
        shared = [e for e in pieces if e.rule.asks in {"limit", "harm shown"} and e.harm is not None]
        harm = levels([e.harm or 0.0 for e in shared], alpha, stats.correction)
        safety = levels([e.safety or 0.0 for e in shared], alpha, stats.correction)
        yield from (
            (e, Levels(float(h), float(s), alpha)) for e, h, s in zip(shared, harm, safety, strict=True)
        )
        alone = {id(e) for e in pieces} - {id(e) for e in shared}
        yield from ((e, Levels(alpha, alpha, alpha)) for e in pieces if id(e) in alone)


def _result(
    gate: GateSpec, rows: Sequence[GateComparison], stats: Stats, *, harms: Collection[Side], ran: bool
) -> GateResult:
    """Return a gate with its comparisons, the worst first, its outcome and its message."""
    blank = GateResult(
        id=gate.id,
        outcome="pass",
        message="",
        on=gate.on,
        metric=gate.metric,
        compare=gate.compare,
        rule=words_of_rule(gate),
        harm="either" if len(harms) == 2 else next(iter(harms), "above"),
        limit=gate.largest,
        correction=stats.correction,
        family=stats.family,
        insufficient=gate.insufficient,
        absent=gate.absent,
        ran=ran,
        comparisons=tuple(rows),
    )
    decided = replace(blank, outcome=outcome_of(blank))
    return replace(decided, message=message_of(decided))


def _rows(
    one: Weighed, judged: Mapping[int, GateComparison], *, ran: bool, census: Census | StoredCensus | None
) -> list[GateComparison]:
    """Return a gate's comparisons, the worst first, with those that could not be made."""
    warned = {id(e.finding) for e in one.warnings if judged[id(e)].outcome == "breaks"}
    found = [(e.severity, replace(judged[id(e)], warns=id(e.finding) in warned)) for e in one.evidence]
    found.sort(
        key=lambda pair: (ORDER[pair[1].outcome], pair[1].p if pair[1].p is not None else 1.0, -pair[0])
    )
    rows = [comparison for _, comparison in found] + [
        _too_few(finding, one.notes.get(id(finding), "")) for finding in one.silent
    ]
    rows += [left_out for e in one.evidence for left_out in _left_out(e.finding)]
    if ran and one.gate.group is not None and not any(row.n for row in rows):
        rows = [_unheard(one.gate.group, census)]
    return sorted(rows, key=lambda comparison: ORDER[comparison.outcome])


def _too_few(finding: Finding, note: str) -> GateComparison:
    """Return the record of a finding that no rule can read."""
    reason = finding.reason or "it has no confidence interval"
    return GateComparison(
        group=finding.group,
        outcome="too_few",
        n=finding.n,
        value=finding.value,
        rows_needed=finding.rows_needed,
        note=note,
        reason=reason,
    )


def _left_out(finding: Finding) -> Iterator[GateComparison]:
    """Yield the record of each group that a value between groups does not cover."""
    for name, n in finding.left_out.items():
        reason = f"{n:,} rows, too few to be compared with the others"
        yield GateComparison(group=name, outcome="too_few", n=n, reason=reason)


def _unheard(group: str, census: Census | StoredCensus | None) -> GateComparison:
    """Return the record of a named group that no finding speaks of."""
    n = census.rows(group) if census is not None else 0
    if n:
        return GateComparison(group=group, outcome="too_few", n=n, reason=f"{n} rows, too few to be reported")
    reason = f"the data have no group '{group}'" if census is None else census.lacking(group)
    return GateComparison(group=group, outcome="absent", n=0, reason=reason)
