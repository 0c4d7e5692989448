"""Methods beside each other: whom their lists show, what similarity they keep, how long they take (tables 1, 3, 4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Table
from auditkit_mpr.reference.intersections import shares_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Cell
    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.intersections import Intersection
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.run.made import Made

MOST_GROUPS = 60


@dataclass(frozen=True, eq=False)
class Compared:
    """One list of a method, its limit as it is written, and the shares [g] of groups in it and in the reference."""

    method: str
    limit: str
    made: Made
    shares: Floats
    target: Floats

    @property
    def kept(self) -> float | None:
        """The similarity kept, of the k most similar items' own."""
        proof = self.made.answer.certificate
        return proof.similarity / proof.top_similarity if proof.top_similarity > 0 else None


def compared(
    candidates: Candidates, made: Sequence[Made], groups: Sequence[Intersection], target: Floats
) -> list[Compared]:
    """Return one query's lists with the shares of the groups; `target` [g] are the reference's."""
    return [
        Compared(
            one.method,
            one.limit.text,
            one,
            shares_among(groups, [codes[one.answer.chosen] for codes in candidates.codes])
            if groups
            else np.zeros(0),
            target,
        )
        for one in made
    ]


def method_tables(rows: Sequence[Compared], groups: Sequence[Intersection]) -> list[Table]:
    """Return similarity and time of every method, and the shares of groups in its lists, at its least mean MPR."""
    best = {method: _at_least(found) for method, found in _by_method(rows).items()}
    if len(best) < 2:
        return []
    tables = [_summary(rows, best)]
    if groups and len(groups) <= MOST_GROUPS:
        tables.append(_shares(best, groups))
    return tables


def _by_method(rows: Sequence[Compared]) -> dict[str, list[Compared]]:
    found: dict[str, list[Compared]] = defaultdict(list)
    for row in rows:
        found[row.method].append(row)
    return found


def _at_least(rows: Sequence[Compared]) -> list[Compared]:
    """Return the lists of the limit whose mean MPR over queries is least."""
    limits: dict[str, list[Compared]] = defaultdict(list)
    for row in rows:
        limits[row.limit].append(row)
    return min(limits.values(), key=lambda own: fmean(row.made.answer.certificate.mpr for row in own))


def _summary(rows: Sequence[Compared], best: dict[str, list[Compared]]) -> Table:
    lines: list[tuple[Cell, ...]] = []
    for method, own in best.items():
        mprs = [row.made.answer.certificate.mpr for row in own]
        kept = [row.kept for row in own if row.kept is not None]
        seconds = [row.made.seconds for row in rows if row.method == method and row.made.seconds is not None]
        lines.append(
            (
                method,
                own[0].limit,
                *(
                    None if value is None else float(f"{value:.4g}")
                    for value in (*_spread(mprs), *_spread(kept))
                ),
                float(f"{sum(seconds) / len(own):.2g}") if seconds else None,
            )
        )
    return Table(
        title="Methods compared",
        columns=(
            "method",
            "limit",
            "MPR",
            "spread of MPR",
            "similarity kept",
            "spread of similarity",
            "seconds",
        ),
        rows=tuple(lines),
        caption=(
            "Each method at the limit where its mean MPR over queries is least: means and standard deviations over "
            "queries. Seconds are those of one query, all limits together, on this machine."
        ),
    )


def _shares(best: dict[str, list[Compared]], groups: Sequence[Intersection]) -> Table:
    target = np.mean([row.target for row in next(iter(best.values()))], axis=0)
    sides = {method: np.array([row.shares for row in own]) for method, own in best.items()}
    columns = [name for method in best for name in (method, f"{method} spread")]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            group.name,
            round(float(target[place]), 4),
            *(
                round(float(value), 4)
                for own in sides.values()
                for value in (own[:, place].mean(), own[:, place].std())
            ),
        )
        for place, group in enumerate(groups)
    )
    return Table(
        title="Shares of groups by method",
        columns=("group", "reference", *columns),
        reference="reference",
        rows=rows,
        caption="Mean over queries and standard deviation, each method at the limit where its mean MPR is least.",
    )


def _spread(values: Sequence[float]) -> tuple[float | None, float | None]:
    return (fmean(values), pstdev(values)) if values else (None, None)
