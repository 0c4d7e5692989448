"""The paper's numbers and, beside them, the same of these rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit import Table, UsageError, label_text
from auditkit_minoria.show.printed import PRINTED, Share, Tails
from auditkit_minoria.show.tables import tails_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Cell
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.tail import Tail
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.show.quality import Judged

    Rows: TypeAlias = NDArray[np.bool_]

K = 50
"""Worst rows of a tail among which the hidden value is counted."""


def check(params: CommonParams) -> None:
    """Raise UsageError where the paper's numbers are of a hidden column and none is named."""
    printed = () if params.paper is None else PRINTED[params.paper]
    if params.reveal is None and (isinstance(printed, Share) or any(one.hidden for one in printed)):
        message = f"the paper's '{params.paper}' hides a column from mining; name it: --reveal COLUMN"
        raise UsageError(message)


def beside_paper(
    material: Material, tails: Sequence[tuple[str, Tail]], how: Judged, params: CommonParams
) -> Iterator[Table]:
    """Yield the paper's tables, or the count that its text gives of a figure, with the numbers of these rows.

    Directions go by the size of their skew, as in the paper.
    """
    if params.paper is None or how.loss is None:
        return
    printed = PRINTED[params.paper]
    hidden = np.array(
        []
        if params.reveal is None
        else [label_text(value) for value in material.subject.column(params.reveal)],
        dtype=np.str_,
    )
    ordered = sorted(tails, key=lambda one: -abs(one[1].skew))
    if isinstance(printed, Share):
        yield _share_table(printed, [tail.members(material.features) for _, tail in ordered], hidden, how)
        return
    here = _Here(material, how, params, hidden)
    for one, (name, tail) in zip(printed, ordered, strict=False):
        yield here.table(one, name, tail)


@dataclass(frozen=True, eq=False)
class _Here:
    """These rows, how they are judged, and the text [n] of the hidden column, empty where there is none."""

    material: Material
    how: Judged
    params: CommonParams
    hidden: NDArray[np.str_]

    def table(self, printed: Tails, name: str, tail: Tail) -> Table:
        """Return percentile by percentile what the paper has and what these rows have."""
        projection = self.material.features.matrix @ tail.direction
        base = self.material.standing(
            self.material.mining if self.params.tails_of == "mined" else self.how.rows
        )
        ours = dict(tails_of(projection, base, tail, own=self.params.tail))
        nobody = np.zeros(len(projection), dtype=np.bool_)
        of = ("Ratio, paper", "Ratio, here") if printed.hidden is not None else ()
        return Table(
            title=f"The paper's table {printed.table} beside {name}",
            columns=(
                "Percentile",
                "Rows here",
                "Accuracy, paper",
                "Accuracy, here",
                "F1, paper",
                "F1, here",
                *of,
            ),
            rows=tuple(self._row(row, ours.get(row[0], nobody), printed.hidden) for row in printed.rows),
            caption=f"Skew: {printed.skew:.2f} in the paper, whose code leaves out the factor 3; here {tail.skew:+.2f} "
            f"with it, {tail.skew / 3:+.2f} without. The paper's numbers are of all rows, these of rows not mined.",
        )

    def _row(
        self, printed: tuple[float, ...], members: Rows, hidden: tuple[str, str] | None
    ) -> tuple[Cell, ...]:
        percentile, accuracy, f1, *ratio = printed
        judged = members & self.how.rows
        cells: list[Cell] = [f"{percentile:g}", int(judged.sum())]
        for metric, paper in (("accuracy", accuracy), ("f1", f1)):
            estimate = self.how.metric(metric, members, confidence=0.95) if judged.any() else None
            cells += [paper, None if estimate is None else round(estimate[0], 2)]
        if hidden is not None:
            one, other = (int((self.hidden[judged] == value).sum()) for value in hidden)
            cells += [*ratio, round(one / other, 2) if other else None]
        return tuple(cells)


def _share_table(printed: Share, tails: Sequence[Rows], values: NDArray[np.str_], how: Judged) -> Table:
    """Return how many tails, each bool [n], show the hidden value, in the paper and here."""
    has = values == printed.hidden
    if not has.any():
        message = f"no row has the value '{printed.hidden}' that the paper hides"
        raise UsageError(message)
    accuracy = how.metric("accuracy", np.ones(len(has), dtype=np.bool_), confidence=0.95)
    return Table(
        title=f"The paper's figure {printed.figure} beside these rows",
        columns=("What", "Paper", "Here"),
        rows=(
            ("rows", printed.rows, len(has)),
            ("accuracy of the model", printed.accuracy, None if accuracy is None else round(accuracy[0], 2)),
            ("directions reported", 5, len(tails)),
            (
                f"directions that show {printed.hidden}",
                printed.showing,
                sum(shows(one, has, how) for one in tails),
            ),
            (f"share of {printed.hidden} among all rows", None, round(float(has[how.rows].mean()), 3)),
        ),
        caption=f"A direction shows {printed.hidden} if that is more frequent among the {K} worst rows of its tail "
        "than in the whole tail, and than among all rows; the paper reads it off rising curves. Its accuracy is of "
        "the rows that its model learnt from.",
    )


def shows(members: Rows, has: Rows, how: Judged) -> bool:
    """Return whether a value is more frequent among a tail's K worst judged rows than in the tail, and than in all.

    members and has are bool [n]. A tail of K rows or fewer shows nothing.
    """
    places = np.flatnonzero(members & how.rows)
    if how.loss is None or len(places) <= K:
        return False
    worst = places[np.argsort(-how.loss[places], kind="stable")][:K]
    share = float(has[worst].mean())
    return share > float(has[places].mean()) and share > float(has[how.rows].mean())
