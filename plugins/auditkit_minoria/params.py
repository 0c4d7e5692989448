"""What every search lets a user set; what one search adds stands in its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt


@dataclass(frozen=True, kw_only=True)
class CommonParams:
    """What to search and to report, and how to divide the rows."""

    columns: Annotated[tuple[str, ...], Doc("feature columns to search; default: all")] = ()
    top: Annotated[int, Ge(1), Doc("directions to report")] = 5
    tail: Annotated[float, Gt(0), Lt(0.5), Doc("share of the rows that makes a tail")] = 0.05
    tau: Annotated[float, Doc("loss gap from which on a tail is reported as a group")] = 0.0
    separation_degrees: Annotated[
        float, Ge(0), Le(90), Doc("least angle between two reported directions")
    ] = 15.0
    confirm_share: Annotated[
        float, Gt(0), Lt(1), Doc("share of rows held out to confirm on, where no split column says which")
    ] = 0.5
    tails_of: Annotated[
        Literal["mined", "judged"], Doc("rows whose quantiles are the tails: those mined, or those judged by")
    ] = "mined"
    stability: Annotated[
        int, Ge(0), Le(1000), Doc("bootstrap re-runs of the search in which each group is looked for again")
    ] = 0
    reveal: Annotated[
        str | None, Doc("column that mining must not see: whom it puts among the worst rows of each tail")
    ] = None
    paper: Annotated[
        Literal["chicago", "college", "adult", "compas", "diabetes"] | None,
        Doc("data of the paper whose printed numbers are set beside these"),
    ] = None


@dataclass(frozen=True, kw_only=True)
class ErrorParams(CommonParams):
    """The same, and the error region."""

    error_share: Annotated[float, Gt(0), Lt(1), Doc("K: share of rows, worst first, to point at")] = 0.1
