"""What lists are expected to take, where representation is measured by linear functions: others have no price yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit import Cost, priced
from auditkit_mpr.params import MoprParams

if TYPE_CHECKING:
    from auditkit import Subject
    from auditkit_mpr.params import RetrievalParams
    from auditkit_mpr.run.asked.files import Files


def cost(subject: Subject, params: RetrievalParams, files: Files) -> Cost | None:
    """Return the cost of all queries; one of its items is a query."""
    if params.classes != ("linear",) or params.unknown == "probe" or params.nearest or params.index:
        return None
    named = files.queries if files.similarities is None else files.similarities
    if named is None:
        return None
    queries = len(named.places(params.query))
    dimensions = 0 if named is files.similarities else named.rows.shape[1]
    n = len(subject)
    # Candidates that all queries share are worked on once.
    own = params.prefilter if 0 < params.prefilter < n else 0
    one = {"queries": 1, "queries x own items": own, "queries x items x dimensions": n * dimensions}
    name = "mpr"
    if isinstance(params, MoprParams):
        limits = len(params.rho) + params.sweep
        if params.method or params.prefixes or params.lengths:
            return None
        name = "mopr"
        one |= {"limits": limits, "limits x own items": limits * own}
    item = priced(name, one).seconds - priced(name, {}).seconds
    whole = priced(name, {term: queries * amount for term, amount in one.items()} | {"items": n})
    return replace(whole, item_seconds=item)
