"""What each search lets a user set; defaults are the paper's where it has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

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
    reveal: Annotated[
        str | None, Doc("column that mining must not see: whom it puts among the worst rows of each tail")
    ] = None


@dataclass(frozen=True, kw_only=True)
class SweepParams(CommonParams):
    """The same, and whether to sweep many planes."""

    pairs: Annotated[bool, Doc("sweep every pair of numeric features and rank the pairs")] = False


@dataclass(frozen=True, kw_only=True)
class GridParams(CommonParams):
    """The same, and the grid."""

    cell_degrees: Annotated[float, Ge(5), Le(90), Doc("width of a cell of the angle grid")] = 15.0
    picks: Annotated[int, Ge(1), Le(500), Doc("diverse cells picked in one draw")] = 64


@dataclass(frozen=True, kw_only=True)
class SpreadParams(CommonParams):
    """The same, and how many directions to spread out."""

    directions: Annotated[int, Ge(1), Le(1000), Doc("directions, each farthest from all before")] = 64


@dataclass(frozen=True, kw_only=True)
class ExploreParams(CommonParams):
    """The same, and the epsilon-greedy walk."""

    iterations: Annotated[int, Ge(0), Doc("directions to try after the first ones")] = 10_000
    random_starts: Annotated[int, Ge(1), Doc("random directions to begin with")] = 6
    epsilon: Annotated[float, Ge(0), Le(1), Doc("chance that a step explores rather than exploits")] = 0.4
    near: Annotated[float, Gt(0), Lt(1), Doc("least cosine to the best direction when exploiting it")] = 0.9


@dataclass(frozen=True, kw_only=True)
class ErrorParams(CommonParams):
    """The same, and the error region."""

    error_share: Annotated[float, Gt(0), Lt(1), Doc("K: share of rows, worst first, to point at")] = 0.1


@dataclass(frozen=True, kw_only=True)
class FocusParams(ErrorParams):
    """The same, and the settings of focused exploration."""

    candidates: Annotated[int, Ge(1), Doc("directions that focused exploration tries")] = 4096
    hardest: Annotated[
        float, Gt(0), Le(1), Doc("K': share of a tail, worst rows first, whose loss is compared with tau")
    ] = 1.0


@dataclass(frozen=True, kw_only=True)
class ClimbParams(ErrorParams):
    """The same, and the climbs."""

    starts: Annotated[int, Ge(1), Doc("random directions, and axes, to climb from")] = 32


@dataclass(frozen=True, kw_only=True)
class MinoriaParams(FocusParams):
    """The same, and those of climbing and of sweeping pairs."""

    starts: Annotated[int, Ge(1), Doc("random directions, and axes, to climb from")] = 32
    pairs: Annotated[bool, Doc("sweep every pair of numeric features and rank the pairs")] = False


@dataclass(frozen=True, kw_only=True)
class KMeansParams(CommonParams):
    """The same, and the number of clusters."""

    clusters: Annotated[int, Ge(2), Le(100), Doc("clusters")] = 5
