"""What cuts the rows into groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import MinLen

from auditkit.spec.declared import OpenEnded


@dataclass(frozen=True, kw_only=True)
class GroupSpec:
    """An attribute that cuts the rows into groups by its column, or one group of the rows where a condition holds."""

    column: Annotated[str | None, MinLen(1), Doc("the attribute's column")] = None
    bins: Annotated[
        tuple[float | str, ...] | None,
        OpenEnded(),
        Doc("cut points of numbers, dates or years; bins are [a, b), the last one [a, b]"),
    ] = None
    as_: Annotated[
        Literal["category", "month", "quarter", "year"] | None,
        Doc(
            "numbers as categories, each a group, such as codes of states; or dates by month, quarter or year"
        ),
    ] = None
    missing: Annotated[
        Literal["group", "leave_out"],
        Doc("rows whose value is missing: a group of their own, called unknown, or in no group"),
    ] = "group"
    where: Annotated[
        str | None, MinLen(1), Doc('instead of a column: the condition of one group, such as "age >= 60"')
    ] = None
    reference: Annotated[
        str | None, MinLen(1), Doc("the attribute's group that compare: to_reference reads")
    ] = None
    rule: Annotated[str | None, Doc("the condition in words, for the report")] = None


@dataclass(frozen=True, kw_only=True)
class GroupFile:
    """A file of groups, as mine --save-groups writes it and --groups reads it."""

    groups: Annotated[Mapping[str, GroupSpec], Doc("groups by name")]
    version: Annotated[Literal[1], Doc("version of the format")] = 1
