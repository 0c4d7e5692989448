"""What is known of a run that ends early: why, in which step, and that its gates decided nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.errors import AuditkitError, exit_code_of
from auditkit.gates.decide import decide
from auditkit.plugins.fault import said
from auditkit.running.reach.whereabouts import told
from auditkit.values.exit_code import ExitCode, Failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.running.plan import Planned
    from auditkit.spec.gate import GateSpec
    from auditkit.spec.stats import Stats
    from auditkit.values.gate import GateResult

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
        case _:
            message = f"internal error: {said(error)}"
    if planned is None:
        return Failure(exit_code=code, message=told(message))
    return Failure(exit_code=code, message=told(message), step=planned.spec.id, plugin=planned.plugin)


def undecided(gates: Sequence[GateSpec], stats: Stats) -> tuple[GateResult, ...]:
    """Return the gates of a run that ended early: none was decided, whatever steps had finished."""
    return tuple(replace(gate, message=UNDECIDED) for gate in decide(gates, (), stats, ran=()))
