"""The parameters of `diff`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_doc import Doc


@dataclass(frozen=True, kw_only=True)
class DiffParams:
    """Which metrics to compare."""

    metrics: Annotated[tuple[str, ...], Doc("metrics to compare; default: all that the target allows")] = ()
