"""Findings about the standardised mean difference of a score, or of a predicted number, between groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import measured_smd, powers
from auditkit_rates.findings.by_group import Column, Gap, group_findings
from auditkit_rates.rows.condition import Condition
from auditkit_rates.rows.counts import weights_of
from auditkit_rates.rows.cuts import Groups, class_by_class, row_cuts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Context, Finding, Stats, Subject
    from auditkit.measures import Powers
    from auditkit_rates.rows.cuts import Cut


def smd_findings(
    subject: Subject, values: NDArray[np.float64], context: Context, *, names: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield the standardised gap of each group, if it is named, to the rest and to a reference group; `values` [n]."""
    if "smd" not in names:
        return
    if subject.cluster is not None:
        context.skip(
            "smd", "rows that belong together would count as strangers; leave out --cluster to measure it"
        )
        return
    stats, weights = context.stats, weights_of(subject)
    for cut in row_cuts(subject, stats):
        if cut.kind == "everybody":
            continue
        own = powers(cut.codes, values, n_groups=cut.n_codes, weights=weights)
        groups = slice(len(cut.groups))
        sides = [_Side("to_rest", own.rest()[groups], " of the rest")]
        if cut.reference is not None:
            place = np.full(len(cut.groups), cut.reference)
            sides.append(_Side("to_reference", own[place], f" of {cut.groups[cut.reference]}"))
        yield from _of_cut(cut, own[groups], sides, stats)


@dataclass(frozen=True, eq=False)
class _Side:
    """What the groups are compared with."""

    compare: str
    other: Powers
    of: str


def _of_cut(cut: Cut, own: Powers, sides: list[_Side], stats: Stats) -> Iterator[Finding]:
    gaps = tuple(
        Gap(
            compare=side.compare,  # type: ignore[arg-type]  # one of the two
            measured=measured_smd(own, side.other, confidence=stats.confidence),
            other=_condition(side.other, stats), of=side.of,
        )
        for side in sides
    )  # fmt: skip
    # The number is itself a gap: there is none of a single group.
    column = Column(name="smd", condition=_condition(own, stats), own=gaps[0].measured, gaps=gaps)
    found = class_by_class(group_findings(Groups(cut=cut, rows=own.rows), [column]))
    yield from (finding for finding in found if finding.compare != "absolute")


def _condition(found: Powers, stats: Stats) -> Condition:
    clusters = np.full(len(found.rows), np.inf)
    return Condition(
        words="rows", rows=found.rows, effective=found.effective, clusters=clusters, min_n=stats.min_n
    )
