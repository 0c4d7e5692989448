"""Lists that resemble the reference in tables of three cuts, and the climb from there, against plain loops."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from plugins.mpr.problems import of_arrays
from plugins.mpr.seeded import mpr_data

from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.classes.limits.balanced import CUTS, TABLES, balanced, cuts_of, tables_of
from auditkit_mpr.relaxed.swaps import Pool, best_exchange, least_exchanged, repaired

K = 12


@pytest.fixture(scope="module")
def candidates():
    _, items, _, reference, _, similarities = mpr_data(n=300, m=200, d=16, l=6)
    weights = np.random.default_rng(0).uniform(0.5, 2.0, len(reference))
    return of_arrays(items, reference, similarities, weights=weights)


def test_the_mean_over_tables_is_that_of_a_plain_loop(candidates):
    chosen = np.arange(3, 3 + K)
    people, m = candidates.reference.population, candidates.reference.population.size
    whole = np.concatenate([candidates.rows, people.rows])
    weights = np.concatenate([np.ones(len(candidates.rows)), m * people.shares])
    cuts = cuts_of(whole)
    squares = []
    for table in tables_of(len(cuts)):
        square = 0.0
        for leaf in np.ndindex(*[2] * len(table)):
            inside = np.ones(len(whole), dtype=bool)
            for place, side in zip(table, leaf, strict=True):
                column, cut = cuts[place]
                inside &= (whole[:, column] <= cut) == bool(side)
            listed = inside[chosen].mean()
            gap = listed - people.shares @ inside[len(candidates.rows) :]
            if inside.any():
                square += m * K / (m + K) * gap**2 / max(weights @ inside, 1.0)
        squares.append(square)
    everything = np.arange(len(candidates.rows))
    pool = balanced(candidates, everything, everything, k=K).pool
    assert pool.mpr(chosen) == pytest.approx(np.sqrt(np.mean(squares)), abs=1e-9)


def test_cuts_and_tables_are_few_and_all_where_there_are_few():
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.integers(0, 2, 50), rng.integers(0, 3, 50), rng.normal(size=50), np.ones(50)])
    found = cuts_of(rows)
    assert [column for column, _ in found] == [0, 1, 1] + [2] * CUTS
    assert [cut for column, cut in found if column < 2] == [0.5, 0.5, 1.5]
    assert tables_of(0) == [()]
    assert tables_of(2) == [(0, 1)]
    assert len(tables_of(5)) == 10
    assert TABLES / 2 < len(tables_of(60)) <= TABLES


def test_a_list_is_climbed_from_until_no_exchange_of_the_most_similar_keeps_the_limit(candidates):
    limits = Fitted("tree:2").limits(candidates, k=K)
    most = np.argsort(-candidates.similarities, kind="stable")[:K]
    rho = 0.5 * limits.mpr(most)
    found = limits.cut(rho)
    assert found.certificate.meets
    shown = Fitted("tree:2").limits(candidates, k=K)
    for out in range(K):
        for into in most:
            if into not in found.chosen:
                other = found.chosen.copy()
                other[out] = into
                gains = candidates.similarities[into] > candidates.similarities[found.chosen[out]] + 1e-9
                assert not (gains and shown.mpr(other) <= rho - 1e-9)


@pytest.mark.parametrize("often", [False, True])
def test_the_best_exchange_is_that_of_a_plain_loop(often):
    for seed in range(20):
        rng = np.random.default_rng(seed)
        rows, similarities = rng.normal(size=(30, 4)), rng.integers(0, 9, 30).astype(float)
        pool = Pool(similarities=similarities, rows=rows, target=np.zeros(4), largest=True, often=often)
        chosen, limit = rng.permutation(30)[:6], float(rng.uniform(0.2, 1.0))
        gains = {}
        for out in range(6):
            for into in np.setdiff1d(np.arange(30), chosen):
                other = chosen.copy()
                other[out] = into
                if np.abs(rows[other].mean(axis=0)).max() <= limit:
                    gains[out, int(into)] = similarities[into] - similarities[chosen[out]]
        best = max(gains.values(), default=0.0)
        found = best_exchange(pool, chosen, limit=limit)
        assert found is None if best <= 0 else gains[found] == best


def test_machine_code_exchanges_as_numpy_does():
    """Ties included: similarities and rows are whole numbers."""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        rows = rng.integers(0, 2, (60, 7)).astype(float)
        pool = Pool(
            similarities=rng.integers(0, 9, 60).astype(float),
            rows=rows,
            target=rows.mean(axis=0) + 0.01,
            largest=True,
        )
        chosen, limit = rng.permutation(60)[:8], float(rng.uniform(0.0, 0.3))
        for find in (partial(repaired, limit=limit, slope=float(rng.uniform(0, 30))), least_exchanged):
            assert find(pool, chosen).tolist() == find(replace(pool, often=True), chosen).tolist()


def test_a_limit_that_exchanges_alone_do_not_reach_is_kept_by_way_of_the_tables(candidates):
    limits = Fitted("tree").limits(candidates, k=K)
    most = np.argsort(-candidates.similarities, kind="stable")[:K]
    everything = np.arange(len(candidates.rows))
    least = balanced(candidates, everything, everything, k=K).lists(most, 0.01, slope=1.0)
    reached = min(limits.mpr(chosen) for chosen in least)
    alone = Fitted("tree").limits(candidates, k=K)
    found = alone.cut(reached + 1e-9).certificate
    assert found.meets
    assert reached < 0.6 * limits.mpr(most)
