"""From a subject to groups and findings: encode, search, judge, put into words, show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit import Mined
from auditkit_minoria.confirm.held_out import Standard
from auditkit_minoria.confirm.judge import judge
from auditkit_minoria.features.material import material_of
from auditkit_minoria.run.describe import described
from auditkit_minoria.run.findings import findings_of
from auditkit_minoria.run.propose import proposed
from auditkit_minoria.show.exhibits import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Context, Subject
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
    rules = proposed(search, material, params, context)
    stats = context.stats
    standard = Standard(tau=params.tau, confidence=stats.confidence, min_n=stats.min_n)
    named = list(
        zip(_names(subject), judge(rules, material, standard, context.rng("permutations")), strict=False)
    )
    about = {name: described(name, one, material, context) for name, one in named}
    extra = show(material, named, params=params, context=context)
    return Mined(
        groups=tuple(one.group for one in about.values() if one.group is not None),
        findings=(
            *(
                finding
                for name, one in named
                for finding in findings_of(name, one, about[name].plain, material, tau=params.tau)
            ),
            *extra,
        ),
        confirmed=None if material.loss is None else frozenset(name for name, one in named if one.confirmed),
    )


def _names(subject: Subject) -> Iterator[str]:
    """Yield minoria-1, minoria-2, ... without the names that groups of the subject have."""
    taken = {group.name for group in subject.groups}
    place = 0
    while True:
        place += 1
        if (name := f"minoria-{place}") not in taken:
            yield name
