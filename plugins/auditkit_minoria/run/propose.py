"""What a search proposes for the mining rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit_minoria.features.weights import as_rows
from auditkit_minoria.groups.choose import Choice
from auditkit_minoria.kernels.compiled import compiled_before
from auditkit_minoria.searches.interface import Ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Context
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.searches.interface import Search


def proposed(
    search: Search[Any], material: Material, params: CommonParams, context: Context
) -> Sequence[Rule]:
    """Return the search's rules, best first; none where no row is mined. That it took a sample is said."""
    rng = context.rng(search.name)
    seen, most = material.seen, search.needs.most_rows
    if most is not None and material.mining.sum() > most:
        context.say(f"{search.shown} is for few rows: it searched a random {most:,} of the mining rows")
    if material.weight is not None:
        context.say(f"minoria: rows count by their weights ('{material.subject.weight}'){_seen_by(search)}")
    _compile(search, context)
    if not seen.any():
        return ()
    ground = replace(ground_of(search, material, params, context), rng=rng)
    found = search.propose(as_searched(ground, search), params)
    return [rule if rule.found_by else replace(rule, found_by=search.shown) for rule in found]


def ground_of(search: Search[Any], material: Material, params: CommonParams, context: Context) -> Ground:
    """Return the ground of the mined rows, of which there is one at least."""
    seen = material.seen
    return Ground(
        features=material.features.rows(seen),
        loss=None if material.loss is None else material.loss[seen],
        choice=Choice.of(params, sparse=not search.exact),
        rng=context.rng(search.name),
        context=context,
        weight=None if material.weight is None else as_rows(material.weight[seen]),
    )


def _seen_by(search: Search[Any]) -> str:
    """Return how a search sees weights, as the end of a sentence; one that sees nothing but them needs no word."""
    how = "directions are searched among" if search.weighs else "the search itself sees"
    return "" if search.weighs and search.exact else f"; {how} rows repeated in proportion to them"


def as_searched(ground: Ground, search: Search[Any]) -> Ground:
    """Return the ground as this search is given it: with weights, or with rows repeated in proportion to them."""
    return ground if search.weighs else ground.by_row


def _compile(search: Search[Any], context: Context) -> None:
    """Make the machine code that a search needs, said to whoever watches, unless it is there from an earlier run."""
    if search.kernel is None:
        return
    kernel = search.kernel()
    if compiled_before(kernel.code):
        return
    for _ in context.track((search.name,), "compiling for this machine, the first time only"):
        kernel.first_call()
