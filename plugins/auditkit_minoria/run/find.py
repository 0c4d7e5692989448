"""From a subject to groups and findings: encode, search, judge, put into words, show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Mined
from auditkit_minoria.confirm.held_out import Standard
from auditkit_minoria.confirm.judge import judge
from auditkit_minoria.features.material import material_of
from auditkit_minoria.run.describe import described, simplified
from auditkit_minoria.run.findings import findings_of
from auditkit_minoria.run.propose import proposed
from auditkit_minoria.show.exhibits import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Context, Subject
    from auditkit_minoria.confirm.judge import MinedGroup
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.searches.interface import Search


def find(
    subject: Subject,
    params: CommonParams,
    context: Context,
    *,
    search: Search[Any],
    columns: Sequence[str],
) -> Mined:
    """Return what the search finds: findings for each rule, a group where its rows under-perform."""
    material = material_of(subject, columns, context, needs=search.needs, confirm_share=params.confirm_share)
    simple = [simplified(rule, material) for rule in proposed(search, material, params, context)]
    stats = context.stats
    standard = Standard(tau=params.tau, confidence=stats.confidence, min_n=stats.min_n)
    verdicts = judge([one.rule for one in simple], material, standard, context.rng("permutations"))
    pairs = sorted(zip(verdicts, simple, strict=True), key=lambda pair: _harm(pair[0]), reverse=True)
    named = [(name, one) for name, (one, _) in zip(_names(subject), pairs, strict=False)]
    nears = [one.near for _, one in pairs]
    about = {
        name: described(name, one, near, material) for (name, one), near in zip(named, nears, strict=True)
    }
    extra = show(material, named, params=params, context=context)
    return Mined(
        groups=tuple(one.group for one in about.values() if one.group is not None),
        findings=(
            *(
                finding
                for name, one in named
                for finding in findings_of(name, one, about[name], material, tau=params.tau)
            ),
            *extra,
        ),
        confirmed=None if material.loss is None else frozenset(name for name, one in named if one.confirmed),
    )


def _harm(one: MinedGroup) -> float:
    """Return the loss that a group has too much on held-out rows, gap times rows; ungrouped ones come last."""
    held_out = one.held_out
    if held_out is None or held_out.gap is None:
        return 0.0 if one.group else -np.inf
    return held_out.gap * held_out.n


def _names(subject: Subject) -> Iterator[str]:
    """Yield minoria-1, minoria-2, ... without the names that groups of the subject have."""
    taken = {group.name for group in subject.groups}
    place = 0
    while True:
        place += 1
        if (name := f"minoria-{place}") not in taken:
            yield name
