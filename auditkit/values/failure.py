"""Why a run ended before its gates were decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditkit.values.exit_code import ExitCode


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a run ended early. `exit_code` is never that of a verdict; `step` and `plugin` say where, "" elsewhere."""

    exit_code: ExitCode
    message: str
    step: str = ""
    plugin: str = ""
