"""Groups found on a sample of a table beyond memory, and confirmed on all its other rows by counts of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Mined, class_codes
from auditkit_minoria.confirm.counted import counted_gaps
from auditkit_minoria.confirm.excess import Service
from auditkit_minoria.confirm.judge import mined_groups, with_verdicts
from auditkit_minoria.confirm.standard import Standard
from auditkit_minoria.features.material import material_of
from auditkit_minoria.run.answers import answers
from auditkit_minoria.run.describe import Reported, described, simplified
from auditkit_minoria.run.find import harm, names_for, served, with_stability
from auditkit_minoria.run.findings import findings_of
from auditkit_minoria.run.propose import proposed
from auditkit_minoria.searches.slices import SliceParams, limits_of
from auditkit_minoria.show.quality import Judged
from auditkit_minoria.show.tables import overlap_table
from auditkit_minoria.slices.nearest import SIMPLE, Nearest
from auditkit_minoria.slices.of_cells import edges_of, levels_of_cells, slices_of_cells
from auditkit_minoria.slices.slice import Slice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Cells, Context, Rest, Subject
    from auditkit_minoria.confirm.judge import MinedGroup
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.searches.interface import Search

NO_RULE = "a linear score without a plain rule near it: only conditions are confirmed by counts"
NOT_COUNTED = "a better score would have to be fitted to rows, and those that confirm are only counted"
ALIKE = 1e-12
"""Weights that differ by less than this share of their squares are equal: sums of the same number may differ so."""


def find_sampled(
    subject: Subject, params: CommonParams, context: Context, *, search: Search[Any], columns: Sequence[str]
) -> Mined:
    """Return what the search finds on all rows of the subject, each group judged on the subject's `rest`."""
    material = material_of(subject, columns, context, needs=search.needs, confirm_share=params.confirm_share)
    material = replace(material, mining=np.ones(len(subject), dtype=np.bool_))
    if share_counted(params):
        rules, rest = _counted(material, params, context)
        material = replace(material, subject=replace(subject, rest=rest))
    else:
        context.say("minoria: the rows that were drawn are searched, and all others are counted to confirm")
        rules = proposed(search, material, params, context)
    found = mined_groups(list(_carried(rules, material, context)), material, tau=params.tau)
    verdicts, how = _confirmed(found, material, params, context)
    reported = _reported(verdicts, material)
    if params.stability and reported:
        reported = with_stability(reported, search, material, params, context)
    for answer in answers(reported, how, material, context.stats):
        context.answer(answer)
    groups = [one for one in reported if one.mined.group]
    if len(groups) > 1:
        context.show(overlap_table([(one.name, one.mined.members) for one in groups]))
    context.skip("excess loss", NOT_COUNTED)
    context.skip("certificate of absence", "of the rows that confirm only the groups found are counted")
    return Mined(
        groups=tuple(one.about.group for one in reported if one.about.group is not None),
        findings=(
            *(finding for one in reported for finding in findings_of(one, material, tau=params.tau)),
            *(one for one in served(reported, how, context) if one.metric != "excess_loss"),
        ),
        confirmed=frozenset(one.name for one in reported if one.mined.confirmed),
    )


def share_counted(params: CommonParams) -> float:
    """Return which share of all rows is counted to search; 0 for the sample alone."""
    return params.count_share if isinstance(params, SliceParams) else 0.0


def _counted(material: Material, params: CommonParams, context: Context) -> tuple[Sequence[Rule], Rest]:
    """Return the slices of a share of all rows, which are counted by all columns at once, and the other rows."""
    if material.subject.rest is None or not isinstance(params, SliceParams):
        message = "rows are counted to search where a sample knows the others"
        raise TypeError(message)
    edges, apart = edges_of(material.features.levels)
    for name, why in apart:
        context.skip(f"column {name}", why)
    counted, rest = material.subject.rest.searched(edges, params.count_share)
    context.say(
        "minoria: the rows that were drawn say where numbers are cut into bins; a share of all is searched"
    )
    for note in counted.notes:
        context.say(note)
    levels = levels_of_cells(counted, [one for one in material.features.levels.columns if one.name in edges])
    limits = limits_of(params, counted.n_rows, fewest=context.stats.min_n)
    return slices_of_cells(counted, levels, limits, top=params.top, found_by="minoria.slices"), rest


def _carried(rules: Sequence[Rule], material: Material, context: Context) -> Iterator[Rule]:
    """Yield what of the rules conditions can say, which an engine works out; the others are told, and why."""
    rest, table = material.subject.rest, material.subject.table
    for rule in rules:
        one = simplified(rule, material)
        plain = one.rule
        if not isinstance(plain, Slice) and one.near.f1 >= SIMPLE:
            plain = Slice(conditions=one.near.conditions, found_by=rule.found_by)
        if not isinstance(plain, Slice):
            context.skip(rule.in_words(material.features), NO_RULE)
            continue
        why = "" if rest is None else rest.refusal(plain.expression(material.features, table))
        if why:
            context.skip(plain.in_words(material.features), why)
        else:
            yield plain


def _confirmed(
    found: Sequence[MinedGroup], material: Material, params: CommonParams, context: Context
) -> tuple[tuple[MinedGroup, ...], Judged]:
    """Return the rules with their verdicts by all other rows, and what these are judged by."""
    if material.subject.rest is None:
        message = "a sample knows the rows that it was drawn from"
        raise TypeError(message)
    features, table, stats = material.features, material.subject.table, context.stats
    rest = material.subject.rest.counted([one.rule.expression(features, table) for one in found if one.group])
    for note in rest.notes:
        context.say(note)
    cells, masks = _cells_of(rest, material), [group.mask for group in rest.groups]
    how = _judged_by(rest, cells, unit=material.unit)
    standard = Standard(tau=params.tau, confidence=stats.confidence, min_n=stats.min_n)
    held = counted_gaps(np.asarray(how.loss) == 1.0, masks, standard, cells=cells, weighted=how.weighted)
    left = iter(masks)
    placed = [replace(one, cells=next(left)) if one.group else one for one in found]
    return with_verdicts(placed, held, level=standard.level), how


def _judged_by(rest: Subject, cells: Cells, *, unit: str) -> Judged:
    """Return the cells of all other rows, whose loss is 1 where the prediction is wrong."""
    predicted, _ = class_codes(rest.column(str(rest.pred)), rest.classes)
    return Judged(
        rows=np.ones(len(rest), dtype=np.bool_),
        loss=(rest.truth != predicted).astype(np.float64),
        unit=unit,
        truth=rest.truth,
        predicted=predicted,
        classes=len(rest.classes),
        weight=cells,
    )


def _cells_of(rest: Subject, material: Material) -> Cells:
    """Return what the cells stand for; as without weights where all weigh alike."""
    cells = rest.cells
    if cells is None:
        message = "rows that were counted are cells"
        raise TypeError(message)
    # By Cauchy-Schwarz (sum w)^2 = n sum w^2 only where all weights are equal.
    n, weight, squares = (float(one.sum()) for one in (cells.rows, cells.weights, cells.squares))
    alike = abs(n * squares - weight**2) <= ALIKE * weight**2
    if material.weight is not None or not alike:
        return cells
    ones = cells.rows.astype(np.float64)
    return replace(cells, weights=ones, squares=ones)


def _reported(verdicts: Sequence[MinedGroup], material: Material) -> list[Reported]:
    """Return the groups named from most harm to least, and described."""
    ordered = sorted(verdicts, key=harm, reverse=True)
    return [
        Reported(
            name,
            one,
            described(name, one, Nearest(one.rule.conditions, 1.0), material),
            Service(n=0 if one.held_out is None else one.held_out.n, reason=NOT_COUNTED),
        )
        for name, one in zip(names_for(material.subject), ordered, strict=False)
        if isinstance(one.rule, Slice)
    ]
