from collections import Counter
from itertools import combinations
from math import comb

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.measures import intersections

LABELS = (("a", "b"), ("x", "y", "z"), ("1", "2", "3", "4"), ("only",))
ROW = st.tuples(*(st.integers(-1, len(labels) - 1) for labels in LABELS))


def slow_intersections(rows, max_order):
    """Count the rows of each combination of labels, one row at a time."""
    found = {}
    for order in range(1, max_order + 1):
        for chosen in combinations(range(len(LABELS)), order):
            complete = [row for row in rows if all(row[a] >= 0 for a in chosen)]
            found[chosen] = Counter(tuple(LABELS[a][row[a]] for a in chosen) for row in complete)
    return found


@settings(max_examples=80, deadline=None)
@given(st.lists(ROW, max_size=50), st.integers(1, 4), st.integers(0, 5))
def test_intersections_equal_a_loop_over_the_rows(rows, max_order, min_n):
    codes = [np.array([row[a] for row in rows], dtype=np.int64) for a in range(len(LABELS))]
    expected = slow_intersections(rows, max_order)
    found = list(intersections(codes, LABELS, max_order=max_order, min_n=min_n))
    assert [cut.attributes for cut in found] == list(expected)
    for cut in found:
        assert dict(zip(cut.cells, cut.n.tolist(), strict=True)) == expected[cut.attributes]
        assert cut.large.tolist() == [n >= min_n for n in cut.n]
        for row, code in zip(rows, cut.codes.tolist(), strict=True):
            complete = all(row[a] >= 0 for a in cut.attributes)
            assert code >= 0 if complete else code == -1
            if complete:
                assert cut.cells[code] == tuple(LABELS[a][row[a]] for a in cut.attributes)


def test_cells_come_in_the_order_of_the_labels():
    codes = [np.array([1, 0, 1, 0]), np.array([0, 2, 2, 1])]
    *_, both = intersections(codes, LABELS[:2], max_order=2, min_n=1)
    assert both.cells == (("a", "y"), ("a", "z"), ("b", "x"), ("b", "z"))


def test_more_products_than_memory_cost_nothing_when_nobody_is_in_them():
    n, size = 200, 3_000_000
    rng = np.random.default_rng(0)
    codes = [rng.integers(0, size, n) for _ in range(3)]
    labels = [range(size)] * 3
    *_, widest = intersections(codes, labels, max_order=3, min_n=1)
    assert len(widest.cells) == n
    assert widest.cells[widest.codes[7]] == tuple(part[7] for part in codes)


def test_an_order_above_the_number_of_attributes_is_all_of_them():
    codes = [np.zeros(3, dtype=np.int64)] * 3
    found = list(intersections(codes, [("a",)] * 3, max_order=9, min_n=1))
    assert len(found) == sum(comb(3, order) for order in (1, 2, 3))
    assert list(intersections([], [], max_order=2, min_n=1)) == []
