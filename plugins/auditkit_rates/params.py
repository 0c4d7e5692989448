"""The parameters of `rates`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_doc import Doc


@dataclass(frozen=True, kw_only=True)
class RatesParams:
    """Which metrics to report."""

    metrics: Annotated[tuple[str, ...], Doc("metrics to report; default: all that the target allows")] = ()
