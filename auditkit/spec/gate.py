"""What must hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import MinLen


@dataclass(frozen=True, kw_only=True)
class GateSpec:
    """One condition that must hold, decided on a corrected confidence bound."""

    id: Annotated[str, MinLen(1), Doc("name of the gate")]
    on: Annotated[str, MinLen(1), Doc("id of the step whose findings it reads")]
    metric: Annotated[str, MinLen(1), Doc("the metric it reads")]
    compare: Annotated[
        Literal["absolute", "to_rest", "to_best", "difference", "ratio"],
        Doc(
            "the number itself, a group's gap to all other rows or to the best group, or a summary over groups"
        ),
    ] = "to_rest"
    group: Annotated[str | None, Doc("only this group; default: every group that was measured")] = None
    fail_if: Annotated[str, MinLen(1), Doc('such as "lower_bound > 0.10"')]
    warn_if: Annotated[str | None, Doc('such as "lower_bound > 0.05"')] = None
    insufficient: Annotated[
        Literal["warn", "fail", "pass"], Doc("what it means that some group has too few rows")
    ] = "warn"
