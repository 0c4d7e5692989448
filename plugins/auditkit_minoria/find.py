"""From a subject to groups and findings: encode, mine, put into words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from auditkit import DataError, Finding, Group, Mined
from auditkit.encoding import encode
from auditkit_minoria.focus import FocusOptions
from auditkit_minoria.mine import NO_LOSS, mine
from auditkit_minoria.split import mining_rows
from auditkit_minoria.words import expression, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditkit import Context, Subject
    from auditkit.encoding import Encoded
    from auditkit_minoria.mine import MinedDirection


def find(
    subject: Subject,
    params: Any,
    context: Context,
    *,
    search: Literal["sweep", "focus"],
    columns: Sequence[str],
) -> Mined:
    """Return up to `params.top` directions: findings for each, a group where the tail under-performs.

    The sweep reads raw numbers, so that its angles are those of the data; focused exploration reads
    standardised ones.
    """
    encoded = encode(subject, features=columns, standardise=search == "focus")
    for name, reason in encoded.dropped:
        context.skip(f"column {name}", reason)
    if search == "sweep" and encoded.matrix.shape[1] != 2:
        message = (
            f"the sweep needs two columns that vary: {'; '.join(': '.join(pair) for pair in encoded.dropped)}"
        )
        raise DataError(message)
    predictions = context.predictions(subject) if subject.target is not None else None
    if predictions is None:
        context.say("minoria: without a target there is no loss; groups are listed for their skewness alone")
    options = {} if search == "sweep" else {
        "options": FocusOptions(
            candidates=params.candidates, error_share=params.error_share, hardest=params.hardest
        )
    }  # fmt: skip
    found = mine(
        encoded.matrix,
        None if predictions is None else predictions.loss,
        mining_rows(subject, confirm_share=params.confirm_share, rng=context.rng("split")),
        rng=context.rng("focus"),
        search=search,
        top=params.top,
        tail=params.tail,
        tau=params.tau,
        separation=float(np.deg2rad(params.separation_degrees)),
        confidence=context.stats.confidence,
        min_n=context.stats.min_n,
        **options,
    )
    unit = "loss" if predictions is None else predictions.loss_name
    named = [(f"minoria-{i}", one) for i, one in enumerate(found, start=1)]
    return Mined(
        groups=tuple(_group(name, one, encoded, subject) for name, one in named if one.group),
        findings=tuple(
            finding
            for name, one in named
            for finding in _findings(name, one, encoded, unit=unit, tau=params.tau)
        ),
        confirmed=None if predictions is None else frozenset(name for name, one in named if one.confirmed),
    )


def _group(name: str, one: MinedDirection, encoded: Encoded, subject: Subject) -> Group:
    """Return the tail over all rows of the table, in words and as an expression."""
    spread = encoded.matrix.std(axis=0)
    rule = words(one.direction, encoded.columns, one.threshold, one.side, spread=spread)
    again = expression(one.direction, encoded.columns, one.threshold, one.side, table=subject.table)
    return Group(name, rule, again, one.tail(encoded.matrix))


def _findings(
    name: str, one: MinedDirection, encoded: Encoded, *, unit: str, tau: float
) -> Iterable[Finding]:
    """Yield the direction's skew and, on held-out rows, its tail's loss gap, loss and share."""
    weights = {c.name: float(w) for c, w in zip(encoded.columns, one.direction, strict=True) if w != 0}
    where = {} if one.angle_degrees is None else {"angle_degrees": one.angle_degrees}
    yield Finding(
        metric="skew", value=one.skew, n=one.mining_n, group=name, unit="standard deviations",
        details={"direction": weights, **where, "side": one.side, "threshold": one.threshold},
    )  # fmt: skip
    held_out = one.held_out
    judged = {
        "mining_gap": one.mining_gap, "tau": tau, "confirmed": one.confirmed,
        "p_value": None if held_out is None else held_out.p, "p_corrected": one.p_corrected,
    }  # fmt: skip
    gap = Finding(
        metric="loss_gap", value=None, n=0 if held_out is None else held_out.n, group=name, unit=unit,
        direction="higher_is_worse", reason=one.reason or NO_LOSS, details=judged,
    )  # fmt: skip
    if held_out is None or held_out.gap is None:
        yield gap
        return
    yield replace(gap, value=held_out.gap, interval=held_out.interval, reason="")
    yield replace(gap, metric="tail_loss", value=held_out.tail_loss, reason="", details={})
    share = replace(gap, metric="tail_share", unit="share", direction="neither", reason="", details={})
    yield replace(share, value=held_out.share, n=held_out.rows)
