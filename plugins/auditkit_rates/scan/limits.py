"""Which cuts keep the limit: in these rows, and beyond chance for all cuts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Answer, Table, percent, points
from auditkit_rates.metrics.reported import METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Cell, Context
    from auditkit_rates.scan.params import ScanParams
    from auditkit_rates.scan.scanned import AtPlace, Scanned

TITLE = "Cuts that keep the limit"


def kept(at: AtPlace, params: ScanParams) -> bool:
    """Return whether the groups differ by no more than the limit at this place."""
    if at.apart is None or at.apart.value > params.limit:
        return False
    return params.least_ratio == 0.0 or (at.ratio is not None and at.ratio.value >= params.least_ratio)


def surely_kept(at: AtPlace, params: ScanParams) -> bool:
    """Return whether it is shown that they do, for all places of the scan at once."""
    if at.sure is None or at.sure.high > params.limit:
        return False
    return params.least_ratio == 0.0 or (
        at.sure_ratio is not None and at.sure_ratio.low >= params.least_ratio
    )


def show_limits(found: Sequence[Scanned], params: ScanParams, context: Context) -> None:
    """Show which cuts keep the limit, attribute by attribute and metric by metric, and answer for each attribute."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        places = np.array([at.place for at in one.places])
        inside, sure = (np.array([test(at, params) for at in one.places]) for test in (kept, surely_kept))
        smallest = _smallest(one)
        rows.append((one.cut.name, one.metric, _spans(places, inside), _spans(places, sure), smallest))
        if one.metric == found[0].metric:
            _answer(one, params, (_spans(places, inside), _spans(places, sure)), context)
    level = percent(context.stats.confidence)
    context.show(
        Table(
            title=TITLE, columns=("Attribute", "Metric", "In these rows", f"Shown, {level}", "Smallest difference"),
            rows=tuple(rows),
            caption=f"{_limit(params)} From a cut on, itself included, a row is chosen. Shown: for all cuts at once, "
            "so that one may be picked. Cuts at which nearly nobody or everybody is chosen keep most limits.",
        )
    )  # fmt: skip


def _answer(one: Scanned, params: ScanParams, spans: tuple[str, str], context: Context) -> None:
    inside, sure = spans
    measured = sum(at.apart is not None for at in one.places)
    if not measured:
        return
    said = METRICS[one.metric].said or METRICS[one.metric].title.lower()
    limit = f"{points(params.limit)} points"
    text = f"By {one.cut.name}: no cut of {measured} leaves the groups' {said} at most {limit} apart."
    if inside:
        text = f"By {one.cut.name}: the groups' {said} is at most {limit} apart at cut {inside}."
    basis = f"shown at {sure}, for all {len(one.places)} cuts at once" if sure else "shown at no cut"
    context.answer(Answer(text, basis=basis, sure="shown" if sure else "not_shown", exhibit=TITLE))


def _limit(params: ScanParams) -> str:
    least = f", and have a ratio of at least {params.least_ratio:g}" if params.least_ratio else ""
    return f"The groups of an attribute differ by at most {params.limit:g}{least}."


def _smallest(one: Scanned) -> str | None:
    known = [at for at in one.places if at.apart is not None]
    if not known:
        return None
    best = min(known, key=lambda at: at.apart.value if at.apart else np.inf)
    return f"{best.apart.value if best.apart else 0.0:.3f} at {best.place:g}"


def _spans(places: NDArray[np.float64], inside: NDArray[np.bool_]) -> str:
    """Return runs of neighbouring places in words, such as `0.2 to 0.35, 0.8`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(int)))
    runs = zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)
    return ", ".join(
        f"{places[first]:g}" if first == last else f"{places[first]:g} to {places[last]:g}"
        for first, last in runs
    )
