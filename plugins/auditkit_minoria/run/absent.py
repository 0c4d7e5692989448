"""What can be said of the groups that were not found: the certificate, as findings, a note and an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Answer, Finding, percent, points
from auditkit_minoria.confirm.certificate import Certificate, certificate
from auditkit_minoria.confirm.held_out import two_values
from auditkit_minoria.searches.slices import SliceParams, limits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.show.quality import Judged

WEIGHTED = "a weighted rate has no exact bound; without --weight the rows themselves have one"
NO_RANGE = "a loss without a known range has no certificate; give predictions, or a loss of two values"


def absent(
    material: Material, how: Judged, params: CommonParams, context: Context, *, named: int
) -> Iterator[Finding]:
    """Yield the certificate's two bounds and say them, for searches that count slices; why there is none is told.

    Where groups are `named`, so many, it speaks of the others.
    """
    if not isinstance(params, SliceParams) or material.loss is None or not material.features.levels.columns:
        return
    if material.weight is not None:
        context.skip("certificate of absence", WEIGHTED)
        return
    wrong, what = _wrong(material, how)
    if wrong is None:
        context.skip("certificate of absence", NO_RANGE)
        return
    judges = material.judges
    levels = material.features.levels.rows(judges)
    limits = limits_of(params, levels.n, fewest=context.stats.min_n)
    found = certificate(levels, wrong[judges], limits, confidence=context.stats.confidence)
    if found is None:
        context.skip(
            "certificate of absence", f"no group has {limits.least} held-out rows", rows_needed=limits.least
        )
        return
    yield from _findings(found, what, params)
    context.answer(_answer(found, what, len(levels.columns), named=named))


def _wrong(material: Material, how: Judged) -> tuple[NDArray[np.bool_] | None, str]:
    """Return which rows [n] are hits, and what their share is called: errors, or the larger of two losses."""
    if how.truth is not None and how.predicted is not None:
        return how.truth != how.predicted, "an error rate"
    loss = material.loss
    if loss is None or not material.judges.any():
        return None, ""
    known = loss[~np.isnan(loss)]
    values = two_values(known, known)
    if values is None:
        return None, ""
    return loss == values[1], f"a share of {material.unit} = {values[1]:g}"


def _findings(found: Certificate, what: str, params: SliceParams) -> Iterator[Finding]:
    details = {
        "groups": found.groups,
        "not_judged": found.small,
        "least_rows": found.least,
        "conditions": params.conditions,
        "confidence": found.confidence,
        "of": what,
        "worst": found.worst,
        "worst_rate": found.worst_rate,
    }
    yield Finding(metric="certified_rate", value=found.rate, n=found.rows, details=details)
    yield Finding(metric="certified_gap", value=found.gap, n=found.rows, details=details)


def _answer(found: Certificate, what: str, columns: int, *, named: int) -> Answer:
    """Return the certificate as a sentence that says of which groups it speaks, and of which not."""
    besides = (
        "Besides the groups above, with"
        if named > 1
        else "Besides the group above, with"
        if named
        else "With"
    )
    few = "".join(
        f" Groups of {k} conditions are of the first {used} of {columns} columns."
        for k, used in found.columns.items()
        if used < columns
    )
    return Answer(
        f"{besides} {percent(found.confidence)} confidence none of {found.groups:,} groups, each of single levels and "
        f"bins of {_columns(max(found.columns))} and at least {found.least:,} held-out rows, has {what} above "
        f"{percent(found.rate, 'up')}, nor one above the rest's by more than {points(found.gap, 'up')} points. "
        f"{_others(found.small)} were not judged.{few}",
        sure="shown",
        basis=f"{found.rows:,} held-out rows, exact and for all groups at once, each of the two bounds by itself",
    )


def _columns(most: int) -> str:
    return f"up to {most} columns" if most > 1 else "one column"


def _others(small: int) -> str:
    """Return which groups of the same columns were not judged."""
    if not small:
        return "Other sets of levels and ranges"
    return f"{small:,} smaller group{'s' if small > 1 else ''}, and other sets of levels and ranges,"
