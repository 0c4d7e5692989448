"""What a gate decided about each comparison, and what that amounts to.

The functions here are the only place where comparisons, outcomes, verdict and exit code are tied. They read nothing
but the gates' own records, so that a stored report can be held to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditkit.values.compare import COMPARISONS
from auditkit.values.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.values.compare import Compare
    from auditkit.values.exit_code import Failure

Outcome = Literal["pass", "warn", "not_shown", "fail", "insufficient", "not_run"]
Verdict = Literal["pass", "warn", "not_shown", "fail", "insufficient", "no gates", "error"]
Judged = Literal["breaks", "holds", "not_shown", "too_few", "absent", "waived"]
Accepted = Literal["warn", "fail", "pass"]
"""What it means for a gate that something could not be decided."""

Kind = Literal["breaks", "holds", "not_shown", "too_few", "absent", "waived", "new", "gone"]
"""How a comparison is counted in words: its outcome, or that its group stands on one side of a change only."""

MEASURED: frozenset[Judged] = frozenset({"breaks", "holds", "not_shown"})


@dataclass(frozen=True, kw_only=True)
class GateComparison:
    """One number that a gate judged.

    `lower` and `upper` are bounds of `value`: the one that can show harm, and the one that can show that there is
    none, each at the level that the correction allows. `p` is the p-value of what the rule asks to be shown, before
    the correction. `within`: the upper bound of the harm, uncorrected, is within the rule. `note` tells comparisons of
    one group apart. `rows_needed` is roughly how many rows like these would decide; None where no number would.
    `fingerprint` is the same in every run for one recipe, gate, metric and group.
    """

    group: str
    outcome: Judged
    n: int
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    within: bool = False
    warns: bool = False
    rows_needed: int | None = None
    note: str = ""
    reason: str = ""
    fingerprint: str = ""

    @property
    def kind(self) -> Kind:
        """Its outcome; of a group that only one side of a change has, new or gone, for no rows would decide it."""
        if self.outcome == "too_few":
            return (
                "new"
                if self.reason.startswith("new:")
                else "gone"
                if self.reason.startswith("gone:")
                else "too_few"
            )
        return self.outcome


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """What one gate decided, its comparisons from the worst to the best, and the rules it decided by.

    `harm` is the side of the number on which it harms. `limit` is None for a gate that asks for one side only, by the
    condition in `rule`. The bounds are corrected by
    `correction` for the comparisons of `family`: of this gate, or of all gates of the run.
    """

    id: str
    outcome: Outcome
    message: str
    on: str
    metric: str
    compare: Compare
    rule: str
    harm: Literal["above", "below", "either"] = "above"
    limit: float | None = None
    correction: str = "holm"
    family: str = "run"
    insufficient: Accepted = "warn"
    absent: Accepted = "fail"
    ran: bool = True
    comparisons: tuple[GateComparison, ...] = ()

    @property
    def signed(self) -> bool:
        """Whether its numbers are gaps, as the comparison has it, or because they harm on both sides of 0."""
        return COMPARISONS[self.compare].signed or self.harm == "either"

    def count(self, *outcomes: Judged) -> int:
        """Return how many comparisons have one of these outcomes."""
        return sum(one.outcome in outcomes for one in self.comparisons)

    def count_kind(self, kind: Kind) -> int:
        """Return how many comparisons words count as this kind."""
        return sum(one.kind == kind for one in self.comparisons)


def outcome_of(gate: GateResult) -> Outcome:
    """Return the outcome that a gate's comparisons amount to.

    Any comparison that breaks the rule fails the gate. A limit holds where every comparison is within it by its own
    bound (an intersection-union test needs no correction; Berger 1982), a rule of one side where none is shown to
    break it. What is absent or could not be decided means what the gate says; where nothing at all was decided, that
    is insufficient, never a pass.
    """
    if not gate.ran:
        return "not_run"
    if gate.count("breaks") or (gate.count("absent") and gate.absent == "fail"):
        return "fail"
    if not gate.count("breaks", "holds", "not_shown", "too_few"):
        accepted = bool(gate.count("absent", "waived"))
        return "insufficient" if not accepted else "warn" if _absent_warns(gate) else "pass"
    if _open(gate):
        if gate.insufficient == "fail":
            return "fail"
        if not _anything_decided(gate):
            return "insufficient"
        if gate.insufficient == "warn":
            return "warn" if gate.limit is None else "not_shown"
    warned = _absent_warns(gate) or any(one.warns for one in gate.comparisons)
    return "warn" if warned else "pass"


def verdict_of(gates: Sequence[GateResult], failure: Failure | None = None) -> tuple[Verdict, ExitCode]:
    """Return the run's verdict and its exit code; a run that ended early has no verdict of its gates."""
    if failure is not None:
        return "error", failure.exit_code
    outcomes = {gate.outcome for gate in gates}
    if not outcomes:
        return "no gates", ExitCode.OK
    if "fail" in outcomes:
        return "fail", ExitCode.GATE_FAILED
    if outcomes <= {"insufficient", "not_run"}:
        return "insufficient", ExitCode.UNDECIDED
    if outcomes & {"insufficient", "not_shown"}:
        return "not_shown", ExitCode.OK
    return ("warn", ExitCode.OK) if "warn" in outcomes else ("pass", ExitCode.OK)


def _absent_warns(gate: GateResult) -> bool:
    return gate.absent == "warn" and gate.count("absent") > 0


def _all_within(gate: GateResult) -> bool:
    measured = [one for one in gate.comparisons if one.outcome in MEASURED]
    return bool(measured) and all(one.within for one in measured)


def _open(gate: GateResult) -> bool:
    """Whether something is left undecided: a comparison with too few rows, or a limit not shown to hold."""
    return gate.count("too_few") > 0 or (gate.limit is not None and not _all_within(gate))


def _anything_decided(gate: GateResult) -> bool:
    if gate.limit is None:
        return gate.count("holds", "not_shown") > 0
    return gate.count("holds") > 0 or _all_within(gate)
