"""Which step runs, with what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from annotated_doc import Doc
from annotated_types import MaxLen, MinLen


@dataclass(frozen=True, kw_only=True)
class StepSpec:
    """One step: which, with what, and when."""

    id: Annotated[str, MinLen(1), MaxLen(200), Doc("name of the step in gates and reports")]
    use: Annotated[str, MinLen(1), Doc("the finder, audit or repair to run; see auditkit plugins list")]
    with_: Annotated[Mapping[str, Any], Doc("its parameters")] = field(default_factory=dict)
    when: Annotated[str | None, Doc("run only when this tag is asked for with --when")] = None
