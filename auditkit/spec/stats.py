"""The statistical rules of one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt


@dataclass(frozen=True, kw_only=True)
class Stats:
    """The statistical rules of one run."""

    confidence: Annotated[float, Gt(0.5), Lt(1), Doc("confidence of two-sided intervals")] = 0.95
    correction: Annotated[
        Literal["holm", "bh", "none"], Doc("correction for the number of comparisons in the family")
    ] = "holm"
    family: Annotated[
        Literal["run", "gate"],
        Doc("comparisons that are corrected together: those of all gates, or of each gate alone"),
    ] = "run"
    bootstrap: Annotated[int, Ge(100), Le(1_000_000), Doc("bootstrap draws")] = 2000
    seed: Annotated[int, Ge(0), Le(2**32 - 1), Doc("seed of everything random")] = 0
    min_n: Annotated[int, Ge(2), Le(1_000_000), Doc("rows below which a group is insufficient evidence")] = 30
    show_rows: Annotated[
        int,
        Ge(0),
        Le(1000),
        Doc(
            "rows of single persons that a table may show of each group; 0 leaves out all tables and charts of rows"
        ),
    ] = 0
    max_order: Annotated[int, Ge(1), Le(10), Doc("largest number of attributes in an intersection")] = 2
