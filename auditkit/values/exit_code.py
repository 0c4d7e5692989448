"""How a run ends, what each code means, and why a run ended before its gates were decided."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class ExitCode(enum.IntEnum):
    """How a run ended; docs/exit-codes.md has one line for each."""

    OK = 0
    GATE_FAILED = 1
    USAGE = 2
    INTERNAL = 3
    DATA = 4
    UNDECIDED = 5
    INTERRUPTED = 130
    TERMINATED = 143


EXIT_CODES: Mapping[ExitCode, str] = {
    ExitCode.OK: "every gate held, or none was asked",
    ExitCode.GATE_FAILED: "a gate failed: a corrected bound broke its rule; or a check of waivers or kept runs failed",
    ExitCode.USAGE: "the command line, a recipe or a setting is wrong, or a stored report was edited; nothing ran",
    ExitCode.INTERNAL: "a fault of auditkit, or a plugin that the run needs is missing or broke",
    ExitCode.DATA: "data, predictions or a model cannot be read or do not match",
    ExitCode.UNDECIDED: "nothing was decided: every gate lacked evidence, mostly too few rows",
    ExitCode.INTERRUPTED: "interrupted from the keyboard; nothing half-written is left",
    ExitCode.TERMINATED: "ended by SIGTERM, as by an interrupt; --resume goes on from what a step finished",
}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a run ended early. `exit_code` is never that of a verdict; `step` and `plugin` say where, "" elsewhere."""

    exit_code: ExitCode
    message: str
    step: str = ""
    plugin: str = ""
