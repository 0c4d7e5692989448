"""Small retrieval problems of one query, made in memory."""

import numpy as np

from auditkit_mpr.methods.interface import Query
from auditkit_mpr.reference.intersections import Attribute
from auditkit_mpr.reference.population import population
from auditkit_mpr.reference.table import Reference
from auditkit_mpr.retrieval.candidates import Candidates


def problem(seed, n=10, m=12):
    """Two attributes with codes, as zero-one columns too, and random similarities."""
    rng = np.random.default_rng(seed)
    codes = [(rng.integers(0, size, n), rng.integers(0, size, m)) for size in (2, 3)]
    rows, reference = (
        np.column_stack(
            [c[side] == v for c, size in zip(codes, (2, 3), strict=True) for v in range(size)]
        ).astype(float)
        for side in (0, 1)
    )
    candidates = Candidates(
        query="q",
        items=np.arange(n),
        similarities=rng.normal(size=n),
        rows=rows,
        codes=tuple(items for items, _ in codes),
        reference=Reference(
            population=population(reference), codes=tuple(theirs for _, theirs in codes), exact=False
        ),
        shared=True,
    )
    attributes = tuple(
        Attribute(name=f"a{i}", labels=tuple("xyz"[:size]), items=c[0], reference=c[1])
        for i, (c, size) in enumerate(zip(codes, (2, 3), strict=True))
    )
    return candidates, attributes


def of_arrays(items, reference, similarities, *, weights=None):
    """Candidates of these rows [n, l] and similarities [n], without groups; `weights` [m] are the reference's."""
    return Candidates(
        query="q",
        items=np.arange(len(items)),
        similarities=similarities,
        rows=items,
        codes=(),
        reference=Reference(population=population(reference, weights), codes=(), exact=False),
        shared=True,
    )


def asked(one, candidates, k):
    """What methods see of the problem."""
    limits = one.limits(candidates, k=k)
    return Query(limits=limits, similarities=candidates.similarities, k=k, seconds=10)
