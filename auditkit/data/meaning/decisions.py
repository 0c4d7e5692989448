"""Decisions that are audited without true labels: a column of them, in place of a target and predictions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.data.meaning.targets import check_one_label
from auditkit.errors import DataError, UsageError
from auditkit.values.subject import is_number

if TYPE_CHECKING:
    import pandas as pd

    from auditkit.spec.data import DataSpec


def as_decision(spec: DataSpec) -> DataSpec:
    """Return the spec with its column of decisions as what is predicted; UsageError for one that has labels beside."""
    if spec.outcome is None:
        return spec
    if spec.target is not None:
        message = (
            "--outcome is for decisions without true labels; beside --target, name decisions with --pred"
        )
        raise UsageError(message)
    for role in ("pred", "model"):
        if getattr(spec, role) is not None:
            message = f"--outcome and --{role} both say what was decided: name one of the two"
            raise UsageError(message)
    return replace(spec, pred=spec.outcome)


def check_decisions(table: pd.DataFrame, column: str) -> None:
    """Raise DataError unless the column has decisions that can be told apart, and not many numbers."""
    distinct = table[column].dropna().unique().tolist()
    if len(distinct) == 1:
        message = f"column '{column}' has one value only ({distinct[0]}): everybody got the same decision"
        raise DataError(message)
    check_one_label(column, distinct)
    if is_number(table[column]):
        message = (
            f"column '{column}' holds {len(distinct)} different numbers, which are no decisions; a score is given with "
            "--score"
        )
        raise DataError(message)
