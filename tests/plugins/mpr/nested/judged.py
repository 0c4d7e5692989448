"""Limits on prefixes held to every nested list of a small problem."""

from itertools import combinations

import numpy as np
import pytest
from plugins.mpr.exact.small import small
from plugins.mpr.problems import asked

from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.methods.registry import method_named
from auditkit_mpr.nested.functions import nested

CLOSE = 1e-9


def every_nested_list(case, p, mpr_of):
    """Return the worst MPR and the similarity of every list of k with a first part of p."""
    found = []
    for whole in combinations(range(len(case.candidates.items)), case.k):
        outer = mpr_of(case.k)[whole]
        for first in combinations(whole, p):
            found.append((max(outer, mpr_of(p)[first]), case.candidates.similarities[list(whole)].sum()))
    return np.array(found)


def tables(case, kind, depth):
    """Return, for a size, the MPR of every list of it as the slow twins say."""
    made = {}

    def of(size):
        if size not in made:
            sized = type(case)(case.candidates, case.attributes, case.reference, case.weights, size)
            values = sized.linear() if kind == "linear" else sized.groups(depth)
            made[size] = dict(zip(map(tuple, sized.lists().tolist()), values, strict=True))
        return made[size]

    return of


def assert_nested(seed, kind):
    """Hold the method to every list; return how often a list within the limit exists, and how often one is found."""
    case = small(seed)
    p, depth = max(case.k - 1 - seed % 2, 1), 1 + seed % len(case.attributes)
    if p >= case.k:
        return 0, 0
    of = tables(case, kind, depth)
    known = every_nested_list(case, p, of)
    one = nested(
        Ball("linear") if kind == "linear" else Groups("groups", case.attributes, depth), (p,), k=case.k
    )
    query = asked(one, case.candidates, case.k)
    there = here = 0
    least = known[:, 0].min()
    for rho in (0.6 * least, least + CLOSE / 2, 1.4 * least + 0.03, float(np.median(known[:, 0]))):
        found = method_named("nested").answer(query, rho)
        proof = found.certificate
        ordered = found.chosen
        worst = max(of(size)[tuple(sorted(ordered[:size].tolist()))] for size in (p, case.k))
        assert proof.mpr == pytest.approx(worst, abs=CLOSE)
        assert [size for size, _ in proof.prefixes] == [p, case.k]
        assert proof.similarity == pytest.approx(case.candidates.similarities[ordered].sum(), abs=CLOSE)
        assert proof.mpr_lower_bound <= least + CLOSE
        assert proof.reachable >= least - CLOSE
        within = known[known[:, 0] <= rho + CLOSE]
        if proof.infeasible:
            assert not len(within)
        if len(within):
            there, here = there + 1, here + proof.meets
            assert proof.similarity_bound >= within[:, 1].max() - 1e-7
            assert not proof.meets or proof.similarity <= within[:, 1].max() + CLOSE
        else:
            assert not proof.meets
    return there, here
