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
        tuple[float, ...] | None, OpenEnded(), Doc("cut points of a numeric column; bins are [a, b)")
    ] = None
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
