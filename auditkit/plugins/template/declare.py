"""What `$name` measures and with which parameters: light, since every start of the program reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_doc import Doc
from annotated_types import Gt

from auditkit import Audit, Context, Finding, Metric, Subject


@dataclass(frozen=True, kw_only=True)
class Params:
    """Fields become recipe keys, command-line options and the JSON Schema."""

    factor: Annotated[float, Gt(0), Doc("times the mean loss of all rows, above which a row is hard")] = 1.0


class $class_name(Audit[Params]):
    """How much of each group is among the rows that the predictions find hardest."""

    name = "$name"
    title = "Hard rows by group"
    method = "The share of each group's rows whose loss is above a multiple of the mean loss of all rows."
    Params = Params
    metrics = (
        Metric(
            name="hard_share",
            title="Share of hard rows",
            formula="hard rows of the group / rows of the group",
            direction="higher_is_worse",
        ),
    )

    def run(self, subject: Subject, params: Params, context: Context) -> tuple[Finding, ...]:
        """Return a finding for each group; one without enough rows says how many it would need."""
        from auditkit_$name.measure import hard_shares

        return hard_shares(subject, context.predictions(subject).loss, params.factor, context.stats)
