"""What is known of a run that ends early: why, in which step, and that its gates decided nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.errors import AuditkitError, exit_code_of, out_of_memory, ran_out
from auditkit.gates.decide import decide
from auditkit.gates.harm import sides_of
from auditkit.plugins.fault import said
from auditkit.running.reach.whereabouts import told
from auditkit.values.exit_code import ExitCode, Failure

if TYPE_CHECKING:
    from auditkit.gates.harm import Side
    from auditkit.running.plan import Plan, Planned
    from auditkit.values.gate import GateResult
    from auditkit.values.outcome import Outcome

UNDECIDED = "not decided: the run ended early"
INTERRUPTS = {ExitCode.INTERRUPTED: "interrupted", ExitCode.TERMINATED: "terminated"}


def failure_of(error: BaseException, planned: Planned | None = None) -> Failure:
    """Return why a run ended, in the words that the user reads on standard error, and in which step."""
    code = ExitCode(exit_code_of(error))
    match error:
        case AuditkitError():
            message = " ".join(str(error).split())
        case KeyboardInterrupt():
            message = INTERRUPTS[code]
        case _ if ran_out(error):
            message = str(out_of_memory(error, "auditkit"))
        case _:
            message = f"internal error: {said(error)}"
    if planned is None:
        return Failure(exit_code=code, message=told(message))
    return Failure(exit_code=code, message=told(message), step=planned.spec.id, plugin=planned.plugin)


def undecided(plan: Plan, outcome: Outcome | None) -> tuple[GateResult, ...]:
    """Return the gates of a run that ended early: none was decided, whatever steps had finished."""
    recipe = plan.recipe
    gates = decide(recipe.gates, (), recipe.stats, ran=(), sides=sides_in(plan, outcome))
    return tuple(replace(gate, message=UNDECIDED) for gate in gates)


def sides_in(plan: Plan, outcome: Outcome | None) -> dict[str, frozenset[Side]]:
    """Return on which sides each gate of a plan harms, those of steps that wait for a tag too."""
    known = plan.host.steps
    metrics = {spec.id: known[spec.use].metrics for spec in plan.recipe.steps if spec.use in known}
    return sides_of(plan.recipe.gates, metrics, outcome)
