"""The numbers of one mined group as findings, and what a card of the group is made from.

The details of `loss_gap` describe the group: `rule`, the plain conjunction nearest to it ("" for none), and `f1`, its
F1 with the group's rows (1 where it is the group); `who`, a list of {value, share, share_of_all}, values that are more
frequent in the group than among all rows; `kind`, "mis-predicted", "harder to predict", "both", "not shown" or "not
known"; `stability`, the share of bootstrap re-runs that find it again, None where none was asked for; `found_by`, the
search; `confirmed`, `p_value`, `p_corrected`; `mining_gap`.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from auditkit import Finding
from auditkit_minoria.directions.unit import angle_degrees
from auditkit_minoria.slices.nearest import SIMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit_minoria.confirm.judge import MinedGroup
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.tail import Tail
    from auditkit_minoria.run.describe import Reported


def findings_of(reported: Reported, material: Material, *, tau: float) -> Iterator[Finding]:
    """Yield a tail's skew and, of any rule on held-out rows, its loss gap, loss and share."""
    name, one = reported.name, reported.mined
    if one.tail is not None:
        yield _skew(name, one, one.tail, material)
    held_out = one.held_out
    gap = Finding(
        metric="loss_gap",
        value=None,
        n=0 if held_out is None else held_out.n,
        group=name,
        unit=material.unit,
        reason=one.reason,
        details=_details(reported, tau=tau),
    )
    if held_out is None or held_out.gap is None:
        yield gap
        return
    yield replace(gap, value=held_out.gap, interval=held_out.interval, reason="")
    yield replace(gap, metric="tail_loss", value=held_out.tail_loss, reason="", details={})
    share = replace(gap, metric="tail_share", unit="", reason="", details={})
    yield replace(share, value=held_out.share, n=held_out.rows)


def _details(reported: Reported, *, tau: float) -> dict[str, Any]:
    """Return the verdict and the description of a group, as the file's docstring says."""
    one, about = reported.mined, reported.about
    simple = about.near.f1 >= SIMPLE
    return {
        "mining_gap": one.mining_gap,
        "tau": tau,
        "confirmed": one.confirmed,
        "p_value": None if one.held_out is None else one.held_out.p,
        "p_corrected": one.p_corrected,
        "kind": reported.service.kind,
        "stability": reported.stable,
        "found_by": one.rule.found_by,
        "rule": about.near.said if simple else "",
        "f1": round(about.near.f1, 4),
        "who": [asdict(value) for value in about.who],
    }


def _skew(name: str, one: MinedGroup, tail: Tail, material: Material) -> Finding:
    """Return the skew of a tail's direction; weights and angle are those of the columns in their own units."""
    raw = tail.raw(material.features)
    columns = material.features.columns
    weights = {column.name: float(w) for column, w in zip(columns, raw, strict=True) if w != 0}
    angle = angle_degrees(raw)
    return Finding(
        metric="skew",
        value=tail.skew,
        n=one.mining_n,
        group=name,
        details={
            "direction": weights,
            **({} if angle is None else {"angle_degrees": angle}),
            "side": tail.side,
            "threshold": tail.threshold,
        },
    )
