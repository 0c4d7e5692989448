"""What somebody accepted although a gate would not: whose word it is, why, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import MaxLen, MinLen

Accepts = Literal["broken", "undecided"]


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """One finding that was accepted, and by whom."""

    fingerprint: Annotated[
        str, MinLen(8), MaxLen(64), Doc("of the comparison, as reports and SARIF print it")
    ]
    owner: Annotated[str, MinLen(1), MaxLen(200), Doc("who answers for it")]
    reason: Annotated[str, MinLen(1), MaxLen(1000), Doc("why it is accepted")]
    expires: Annotated[str, MinLen(1), MaxLen(40), Doc("last day on which it holds, such as 2027-01-31")]
    accepts: Annotated[
        Accepts, Doc("broken: whatever the gate says; undecided: only that there is too little evidence")
    ] = "broken"
    limit: Annotated[float | None, Doc("it lapses where the corrected bound shows more harm than this")] = (
        None
    )
    recipe: Annotated[str, Doc("name of the recipe, for readers and for what counts as unused")] = ""
    gate: Annotated[str, Doc("the gate, for readers")] = ""
    group: Annotated[str, Doc("the group, for readers")] = ""


@dataclass(frozen=True, kw_only=True)
class Waivers:
    """A file of waivers."""

    waivers: Annotated[tuple[Waiver, ...], Doc("what was accepted")] = ()
    version: Annotated[Literal[1], Doc("version of the format")] = 1
