"""From a subject to groups and findings: encode, search, judge, put into words, show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Mined
from auditkit_minoria.confirm.excess import services
from auditkit_minoria.confirm.judge import judge
from auditkit_minoria.confirm.standard import Standard
from auditkit_minoria.features.material import material_of
from auditkit_minoria.groups.tail import Tail, at_quantile
from auditkit_minoria.run.absent import absent
from auditkit_minoria.run.answers import answers
from auditkit_minoria.run.copies import note_of_copies
from auditkit_minoria.run.describe import Reported, described, simplified
from auditkit_minoria.run.findings import findings_of
from auditkit_minoria.run.propose import proposed
from auditkit_minoria.run.stable import found_again, stable_table
from auditkit_minoria.show.exhibits import show
from auditkit_minoria.show.quality import judged
from auditkit_minoria.show.served import served_findings, served_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Context, Finding, Subject
    from auditkit_minoria.confirm.judge import MinedGroup
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.searches.interface import Search
    from auditkit_minoria.show.quality import Judged


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
    if note := note_of_copies(material):
        context.say(note)
    rules = proposed(search, material, params, context)
    reported = _reported(rules, material, params, context)
    if params.stability and rules:
        reported = with_stability(reported, search, material, params, context)
    how = judged(material)
    for answer in answers(reported, how, material, context.stats):
        context.answer(answer)
    named = [(one.name, one.mined) for one in reported]
    extra = show(material, named, params=params, context=context)
    return Mined(
        groups=tuple(one.about.group for one in reported if one.about.group is not None),
        findings=(
            *(finding for one in reported for finding in findings_of(one, material, tau=params.tau)),
            *served(reported, how, context),
            *absent(
                material,
                how,
                params,
                context,
                named=sum(bool(r.mined.confirmed) for r in reported),
            ),
            *extra,
        ),
        confirmed=None
        if material.loss is None
        else frozenset(one.name for one in reported if one.mined.confirmed),
    )


def with_stability(
    reported: list[Reported], search: Search[Any], material: Material, params: CommonParams, context: Context
) -> list[Reported]:
    """Return the groups with the share of runs on drawn rows that find each again, and show the table of them."""
    shares = found_again([one.mined.members for one in reported], search, material, params, context)
    context.show(
        stable_table(
            [(one.name, share) for one, share in zip(reported, shares, strict=True)], params.stability
        )
    )
    return [replace(one, stable=share) for one, share in zip(reported, shares, strict=True)]


def _reported(
    rules: Sequence[Rule], material: Material, params: CommonParams, context: Context
) -> list[Reported]:
    """Return the rules judged, named from most harm to least, and described."""
    stats = context.stats
    standard = Standard(tau=params.tau, confidence=stats.confidence, min_n=stats.min_n)
    if params.tails_of == "judged" and material.judges.any():
        rules = [
            at_quantile(rule, material.features, material.standing(material.judges), share=params.tail)
            if isinstance(rule, Tail)
            else rule
            for rule in rules
        ]
    simple = [simplified(rule, material) for rule in rules]
    verdicts = judge([one.rule for one in simple], material, standard, context.rng("permutations"))
    pairs = sorted(zip(verdicts, simple, strict=True), key=lambda pair: harm(pair[0]), reverse=True)
    known = services([one for one, _ in pairs], material, standard, context.rng("recalibration"))
    return [
        Reported(name, mined, described(name, mined, one.near, material), service)
        for name, (mined, one), service in zip(names_for(material.subject), pairs, known, strict=False)
    ]


def served(reported: Sequence[Reported], how: Judged, context: Context) -> Iterator[Finding]:
    """Show how each group is served; yield the numbers as findings. Without a loss there is nothing to say."""
    groups = [one for one in reported if one.mined.group and how.loss is not None]
    if not groups:
        return
    confidence = context.stats.confidence
    rows = [(one.name, one.mined.judged, one.service) for one in groups]
    context.show(served_table(rows, how, confidence=confidence))
    for name, members, service in rows:
        yield from served_findings(name, members, service, how, confidence=confidence)


def harm(one: MinedGroup) -> float:
    """Return the loss that a group has too much on held-out rows, gap times rows; ungrouped ones come last."""
    held_out = one.held_out
    if held_out is None or held_out.gap is None:
        return 0.0 if one.group else -np.inf
    return held_out.gap * held_out.share


def names_for(subject: Subject) -> Iterator[str]:
    """Yield minoria-1, minoria-2, ... without the names that groups of the subject have."""
    taken = {group.name for group in subject.groups}
    place = 0
    while True:
        place += 1
        if (name := f"minoria-{place}") not in taken:
            yield name
