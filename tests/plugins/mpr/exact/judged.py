"""Every method held to every list of a small problem: list, MPR, similarity, bound, proof."""

import numpy as np
import pytest
from plugins.mpr.exact.small import small
from plugins.mpr.problems import asked

from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.methods.registry import method_named

CLOSE = 1e-9


def assert_answers(one, case, values, methods):
    """Hold every method to every list, at limits below, at, above the least MPR, and at one that is no limit."""
    sums, least = case.sums(), values.min()
    most = np.sort(np.argsort(-case.candidates.similarities, kind="stable")[: case.k])
    plain = int(np.flatnonzero((case.lists() == most).all(axis=1))[0])
    for rho in (0.0, 0.6 * least, least + CLOSE / 2, 1.3 * least + 0.02, float(np.median(values))):
        within = values <= rho + CLOSE
        for name in methods:
            found = method_named(name).answer(asked(one, case.candidates, case.k), rho)
            proof = found.certificate
            place = int(np.flatnonzero((case.lists() == np.sort(found.chosen)).all(axis=1))[0])
            assert proof.mpr == pytest.approx(values[place], abs=CLOSE)
            assert proof.similarity == pytest.approx(sums[place], abs=CLOSE)
            assert proof.mpr_lower_bound <= least + CLOSE
            assert proof.top_mpr == pytest.approx(values[plain], abs=CLOSE)
            assert proof.top_similarity == pytest.approx(sums[plain], abs=CLOSE)
            if not within.any():
                assert (proof.meets, proof.infeasible, proof.least) == (False, True, "proven")
                assert proof.mpr == pytest.approx(least, abs=CLOSE)
                assert proof.similarity == pytest.approx(sums[values <= least + CLOSE].max(), abs=1e-8)
                continue
            assert (proof.meets, proof.infeasible, proof.least) == (True, False, "")
            assert proof.similarity_bound >= sums[within].max() - 1e-7
            if name == "integer":
                assert proof.similarity == pytest.approx(sums[within].max(), abs=1e-8)
                assert proof.similarity_bound == pytest.approx(sums[within].max(), abs=1e-6)


def assert_trees(case, levels):
    """Hold trees that are all tried to every list: what is shown is MPR itself, and bounds are proven."""
    one, values = Fitted(f"tree:{levels}"), case.trees(levels)
    sums, least, lists = case.sums(), values.min(), case.lists()
    for rho in (0.6 * least, least + CLOSE, 1.3 * least + 0.02, float(np.median(values))):
        found = method_named("lp").answer(asked(one, case.candidates, case.k), rho)
        proof, within = found.certificate, values <= rho + CLOSE
        place = int(np.flatnonzero((lists == np.sort(found.chosen)).all(axis=1))[0])
        assert not proof.heuristic
        assert proof.mpr == pytest.approx(values[place], abs=1e-8)
        assert proof.similarity == pytest.approx(sums[place], abs=CLOSE)
        assert proof.mpr_lower_bound <= least + CLOSE
        assert proof.reachable >= least - 1e-8
        if proof.infeasible:
            assert not within.any()
        if not within.any():
            assert not proof.meets
            continue
        assert proof.similarity_bound >= sums[within].max() - 1e-6
        assert not proof.meets or proof.similarity <= sums[within].max() + CLOSE


def assert_problem(seed):
    """Hold every method and class to every list of the problem of a seed."""
    case = small(seed)
    depth = 1 + seed % len(case.attributes)
    assert_answers(Ball("linear"), case, case.linear(), ("cone", "lp", "qp", "integer"))
    assert_answers(Groups("groups", case.attributes, depth), case, case.groups(depth), ("lp", "integer"))
    assert_trees(case, 1 + seed % 2)
