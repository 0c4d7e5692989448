"""Everything a run depends on, in one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import MaxLen, MinLen

from auditkit.spec.alternatives import AlternativesSpec
from auditkit.spec.data import DataSpec
from auditkit.spec.gate import GateSpec
from auditkit.spec.groups import GroupSpec
from auditkit.spec.stats import Stats
from auditkit.spec.step import StepSpec


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything a run depends on."""

    name: Annotated[str, MinLen(1), MaxLen(1000), Doc("name of the run in reports")]
    data: Annotated[DataSpec, Doc("the table and its columns' roles")]
    version: Annotated[Literal[1], Doc("version of the recipe format")] = 1
    groups: Annotated[Mapping[str, GroupSpec], Doc("the attributes to audit by")] = field(
        default_factory=dict
    )
    stats: Annotated[Stats, Doc("the statistical rules")] = field(default_factory=Stats)
    steps: Annotated[tuple[StepSpec, ...], MinLen(1), Doc("what to run, in order")]
    alternatives: Annotated[
        AlternativesSpec | None,
        Doc(
            "the repairs are alternatives, each from the same data, and the best is chosen; otherwise they chain"
        ),
    ] = None
    gates: Annotated[tuple[GateSpec, ...], Doc("what must hold")] = ()
    reports: Annotated[tuple[str, ...], Doc("files to write; the extension chooses the format")] = ()
    requires: Annotated[tuple[str, ...], Doc("plugins that must be there, such as minoria")] = ()
