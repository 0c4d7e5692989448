"""What must hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import MaxLen, MinLen

from auditkit.values.compare import Compare


@dataclass(frozen=True, kw_only=True)
class GateSpec:
    """One condition that must hold, decided on confidence bounds: a limit, or a rule of one side."""

    id: Annotated[str, MinLen(1), MaxLen(200), Doc("name of the gate")]
    on: Annotated[str, MinLen(1), Doc("id of the step whose findings it reads")]
    metric: Annotated[str, MinLen(1), Doc("the metric it reads")]
    compare: Annotated[
        Compare,
        Doc(
            "the number itself, a group's gap to all other rows, to the best or to a reference group, its change from "
            "what data.versus names, or a summary over the groups of an attribute"
        ),
    ] = "to_rest"
    group: Annotated[str | None, Doc("only this group; default: every group that was measured")] = None
    limit: Annotated[
        float | None,
        Doc(
            "largest harm that is allowed (of a ratio or an accuracy: the smallest value): broken where a corrected "
            "bound is beyond it, held where the other bound is within it, else not shown"
        ),
    ] = None
    margin: Annotated[
        float | None, Doc("the limit of compare: change: the most by which a group may have got worse")
    ] = None
    fail_if: Annotated[
        str | None, MinLen(1), Doc('instead of a limit, a rule of one side, such as "lower_bound > 0.10"')
    ] = None
    warn_if: Annotated[str | None, MinLen(1), Doc('beside fail_if, such as "lower_bound > 0.05"')] = None
    insufficient: Annotated[
        Literal["warn", "fail", "pass"],
        Doc("what it means that a limit is not shown to hold, or that some group has too few rows"),
    ] = "warn"
    absent: Annotated[
        Literal["fail", "warn", "pass"], Doc("what it means that the data lack the group that is named")
    ] = "fail"

    @property
    def largest(self) -> float | None:
        """The limit, or the margin, which is the same of a change."""
        return self.margin if self.limit is None else self.limit
