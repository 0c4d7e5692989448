"""The numbers of one mined group as findings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit import Finding
from auditkit_minoria.groups.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit_minoria.confirm.judge import MinedGroup
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.run.describe import Plain


def findings_of(
    name: str, one: MinedGroup, plain: Plain, material: Material, *, tau: float
) -> Iterator[Finding]:
    """Yield a tail's skew and, of any rule on held-out rows, its loss gap, loss and share."""
    if isinstance(one.rule, Tail):
        yield _skew(name, one, one.rule, plain, material)
    held_out = one.held_out
    details: dict[str, Any] = {
        "mining_gap": one.mining_gap,
        "tau": tau,
        "confirmed": one.confirmed,
        "p_value": None if held_out is None else held_out.p,
        "p_corrected": one.p_corrected,
    }
    gap = Finding(
        metric="loss_gap",
        value=None,
        n=0 if held_out is None else held_out.n,
        group=name,
        unit=material.unit,
        reason=one.reason,
        details=details,
    )
    if held_out is None or held_out.gap is None:
        yield gap
        return
    yield replace(gap, value=held_out.gap, interval=held_out.interval, reason="")
    yield replace(gap, metric="tail_loss", value=held_out.tail_loss, reason="", details={})
    share = replace(gap, metric="tail_share", unit="", reason="", details={})
    yield replace(share, value=held_out.share, n=held_out.rows)


def _skew(name: str, one: MinedGroup, rule: Tail, plain: Plain, material: Material) -> Finding:
    columns = material.features.columns
    weights = {column.name: float(w) for column, w in zip(columns, rule.direction, strict=True) if w != 0}
    where = {} if rule.angle_degrees is None else {"angle_degrees": rule.angle_degrees}
    shallow = {
        "rule": plain.said or None,
        "precision": round(plain.near.precision, 4),
        "recall": round(plain.near.recall, 4),
        "f1": round(plain.near.f1, 4),
    }
    return Finding(
        metric="skew",
        value=rule.skew,
        n=one.mining_n,
        group=name,
        details={
            "direction": weights,
            **where,
            "side": rule.side,
            "threshold": rule.threshold,
            "shallow": shallow,
        },
    )
