"""Repairs beside each other: each from the same subject, on the same division of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_doc import Doc
from annotated_types import Gt, Lt, MinLen


@dataclass(frozen=True, kw_only=True)
class AlternativesSpec:
    """That the repairs are alternatives and do not follow on each other, and what the chosen one must keep."""

    limit: Annotated[
        str | None, MinLen(1), Doc('what the chosen repair must keep, such as "equalized_odds <= 0.05"')
    ] = None
    held_out: Annotated[
        float, Gt(0), Lt(1), Doc("share of rows to measure on, where no split column says which")
    ] = 0.3
