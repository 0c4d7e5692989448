"""The parameters of `ll144` and of `four-fifths`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt

UNKNOWN = ("unknown", "not specified", "not stated", "not disclosed", "prefer not to say", "declined", "n/a")


@dataclass(frozen=True, kw_only=True)
class LL144Params:
    """What a published summary has to say beside the numbers."""

    employer: Annotated[str, Doc("employer or employment agency that uses the tool")] = ""
    tool: Annotated[str, Doc("the automated employment decision tool")] = ""
    auditor: Annotated[str, Doc("who calculated this")] = ""
    calculated: Annotated[str, Doc("date of the calculation")] = ""
    distributed: Annotated[str, Doc("date on which the tool was first used")] = ""
    data_source: Annotated[str, Doc("where the data come from, and of when they are")] = ""
    sex: Annotated[str, Doc("the attribute that holds the sex; default: found by its name")] = ""
    race: Annotated[str, Doc("the attribute that holds race or ethnicity; default: found by its name")] = ""
    unknown: Annotated[tuple[str, ...], Doc("values that stand for no known category")] = UNKNOWN
    exclude_below: Annotated[
        float, Ge(0), Le(0.02), Doc("share of all assessed below which a category has no ratio; 0: none")
    ] = 0.02  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FourFifthsParams:
    """Where a ratio is called small, and a difference called beyond chance."""

    bar: Annotated[
        float, Gt(0), Le(1), Doc("ratio below which a difference is of practical significance")
    ] = 0.8
    level: Annotated[float, Gt(0), Lt(0.5), Doc("level of the exact test, two-sided")] = 0.05
