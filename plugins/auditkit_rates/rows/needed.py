"""What a step that compares groups says where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import UsageError

if TYPE_CHECKING:
    from auditkit import Subject


def need_groups(subject: Subject, step: str) -> None:
    """Raise UsageError, with columns that could be meant, unless an attribute cuts the rows into groups."""
    if subject.groupings:
        return
    columns = ",".join(subject.sensitive[:3] or tuple(map(str, subject.table.columns[:3])))
    message = f"{step} needs groups: name columns with --groups or under groups:, such as --groups {columns}"
    if subject.sensitive:
        message += (
            "; --sensitive cuts no rows, it says what models are not shown and what a repair is between"
        )
    raise UsageError(message)
