"""Lists by lot: every way to share out the rows is as likely as any other."""

from itertools import combinations

import numpy as np
import pytest

from auditkit_mpr.reference.population import population
from auditkit_mpr.reference.table import Reference
from auditkit_mpr.sampling.lot import distinct_rows, lot_of

LISTED = np.array([[1.0], [2.0]])
ROWS = np.array([[4.0], [8.0], [16.0]])


def drawn(reference, k, listed, *, draws=30_000):
    lot = lot_of(reference, k, draws=draws, rng=np.random.default_rng(0))
    rows = reference.population.rows
    return lot.gaps(lot.sums(rows), listed, reference.population.shares @ rows)[:, 0]


def shares_of(values):
    distinct, counts = np.unique(np.round(values, 9), return_counts=True)
    return dict(zip(distinct.tolist(), counts / counts.sum(), strict=True))


def test_list_and_reference_trade_places_in_every_way_alike():
    together = np.concatenate([LISTED, ROWS])[:, 0]
    ways = [
        together[list(chosen)].mean() - np.delete(together, chosen).mean()
        for chosen in combinations(range(5), 2)
    ]
    found = shares_of(drawn(Reference(population=population(ROWS), codes=(), exact=False), 2, LISTED))
    assert set(found) == set(np.round(ways, 9))
    assert all(share == pytest.approx(0.1, abs=0.01) for share in found.values())


def test_a_list_longer_than_the_reference_trades_places_too():
    together = np.concatenate([ROWS, LISTED])[:, 0]
    ways = [
        together[list(chosen)].mean() - np.delete(together, chosen).mean()
        for chosen in combinations(range(5), 3)
    ]
    found = shares_of(drawn(Reference(population=population(LISTED), codes=(), exact=False), 3, ROWS))
    assert set(found) == set(np.round(ways, 9))
    assert all(share == pytest.approx(0.1, abs=0.01) for share in found.values())


def test_of_the_items_themselves_a_list_is_any_k_of_them():
    items = np.array([[1.0], [2.0], [4.0], [8.0]])
    reference = Reference(
        population=population(items), codes=(), exact=False, items=np.arange(4), of_items=True
    )
    ways = [items[list(chosen)].mean() - items.mean() for chosen in combinations(range(4), 2)]
    found = shares_of(drawn(reference, 2, items[:2]))
    assert found == pytest.approx(dict.fromkeys(np.round(ways, 9), 1 / 6), abs=0.01)


@pytest.mark.parametrize("exact", [True, False])
def test_rows_that_weigh_more_are_drawn_more_often(exact):
    rows = np.array([[0.0], [1.0]])
    people = population(rows, np.array([3.0, 1.0]), size=1e6 if exact else None)
    reference = Reference(population=people, codes=(), exact=exact)
    lot = lot_of(reference, 4, draws=20_000, rng=np.random.default_rng(0))
    taken = rows[lot.rows[lot.rows >= 0], 0]
    assert taken.mean() == pytest.approx(0.25, abs=0.01)
    assert np.isinf(lot.m) == exact


def test_a_list_drawn_again_from_itself_has_the_error_of_its_mean():
    listed = np.random.default_rng(1).normal(size=(30, 2))
    reference = Reference(population=population(ROWS), codes=(), exact=False)
    errors = lot_of(reference, 30, draws=20_000, rng=np.random.default_rng(0)).own_errors(listed)
    assert errors.mean(axis=0) == pytest.approx([0, 0], abs=0.01)
    assert errors.std(axis=0) == pytest.approx(listed.std(axis=0) / np.sqrt(30), rel=0.03)


@pytest.mark.parametrize(("m", "k"), [(10_000, 50), (60, 50), (50, 50), (5, 2)])
def test_drawn_rows_differ_and_each_is_as_likely(m, k):
    rows = distinct_rows(np.random.default_rng(0), 2000, m, k)
    assert rows.shape == (2000, k)
    assert all(len(set(row)) == k for row in rows.tolist())
    assert rows.mean() == pytest.approx((m - 1) / 2, rel=0.05)
