"""Algorithm 1 as printed against a plain loop, and what is shown of its iterations and of methods beside each other."""

import numpy as np
import pandas as pd
import pytest
from plugins.mpr.problems import asked, problem
from plugins.mpr.small_search import REPAIR, write_search
from scipy.optimize import linprog

from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.methods.registry import method_named


def plainly(similarities, rows, target, k, rho):
    """The linear program of step 3 over all items, the direction of the gap as the next function, until it is kept."""
    cuts, gaps = [], []
    while True:
        both = np.array([side * rows @ cut / k for cut in cuts for side in (1, -1)]).reshape(-1, len(rows))
        ends = [rho + side * cut @ target for cut in cuts for side in (1, -1)]
        entries = linprog(
            -similarities, A_ub=both if cuts else None, b_ub=ends if cuts else None,
            A_eq=np.ones((1, len(rows))), b_eq=[k], bounds=(0, 1),
        ).x  # fmt: skip
        gap = entries @ rows / k - target
        gaps.append(np.linalg.norm(gap))
        if gaps[-1] <= rho + 1e-7:
            return gaps, -np.sort(-entries)[k - 1], entries
        cuts.append(gap / gaps[-1])


def test_the_iterations_of_linear_functions_are_those_of_a_plain_loop():
    candidates, _ = problem(5, n=60, m=80)
    query = asked(Ball("linear"), candidates, 8)
    rho = 0.3 * query.limits.mpr(np.argsort(-candidates.similarities)[:8])
    found = method_named("algorithm1").answer(query, rho)
    pool = query.limits.pool
    gaps, _, entries = plainly(candidates.similarities, pool.rows, pool.target, 8, rho)
    steps = query.iterated[rho]
    assert [step.gap for step in steps] == pytest.approx(gaps, abs=1e-6)
    assert [step.cuts for step in steps] == list(range(len(gaps)))
    assert len(steps) > 2
    assert set(found.chosen) == set(np.argsort(-entries, kind="stable")[:8])
    assert found.certificate.mpr == pytest.approx(steps[-1].mpr)
    assert found.certificate.similarity == pytest.approx(steps[-1].similarity)


@pytest.mark.parametrize("name", ["groups", "tree"])
def test_every_class_has_its_iterations_and_they_end_where_told(name):
    candidates, attributes = problem(6, n=60, m=80)
    one = Groups("groups", attributes, 2) if name == "groups" else Fitted(name)
    query = asked(one, candidates, 8)
    rho = 0.3 * query.limits.mpr(np.argsort(-candidates.similarities)[:8])
    method_named("algorithm1").answer(query, rho)
    steps = query.iterated[rho]
    assert steps[0].gap > rho
    assert steps[-1].gap <= rho + 1e-6 or len(steps) == 30
    short = type(query)(limits=query.limits, similarities=query.similarities, k=8, iterations=1)
    method_named("algorithm1").answer(short, rho)
    assert len(short.iterated[rho]) == 1


def test_methods_stand_beside_each_other_with_shares_similarity_and_time(cli, tmp_path):
    write_search(tmp_path)
    done = cli(
        *REPAIR,
        "--rho",
        "0.6x,0.3x",
        *["--method", "cone,topk,algorithm1,pbm", "--json", "-o", "out.csv"],
    )
    assert done.code == 0, done.err
    table = done.table("Methods compared")
    assert [row[0] for row in table["rows"]] == ["cone", "topk", "algorithm1", "pbm"]
    for method, limit, mpr, spread, kept, _, seconds in table["rows"]:
        own = {
            at: [done.values("mpr", 1)[f"{q} [rho {at}] [{method}]"] for q in ("first", "second")]
            for at in ("0.6x", "0.3x")
        }
        assert mpr == pytest.approx(min(np.mean(values) for values in own.values()), rel=1e-3)
        assert spread == pytest.approx(np.std(own[limit]), rel=1e-2, abs=1e-6)
        assert (kept == 1.0) == (method == "topk")
        assert seconds >= 0
    shares = done.table("Shares of groups by method")
    assert shares["columns"][:4] == ["group", "reference", "cone", "cone spread"]
    items = pd.read_csv("items.csv")
    first = next(row for row in shares["rows"] if row[0] == "sex=f")
    assert first[1] == pytest.approx((items["sex"] == "f").mean(), abs=1e-4)
    iterations = done.table("Algorithm 1 by iteration")
    assert {row[0] for row in iterations["rows"]} == {"first", "second"}
    chart = next(c for c in done.report["charts"] if c["title"] == "Algorithm 1 by iteration")
    assert [layer["name"] for layer in chart["layers"]] == [
        "gap before rounding",
        "MPR of the list",
        "limit",
        "similarity kept",
    ]
