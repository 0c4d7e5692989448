"""References: who is in them, and who is not."""

import numpy as np
import pandas as pd

from auditkit_mpr.reference.intersections import Attribute
from auditkit_mpr.reference.statistics import Statistics
from auditkit_mpr.reference.table import ReferenceTable, nearest_rows, reference_of, unseen_rows

ITEMS, ROWS = np.array([0, 1, 2, 2, -1]), np.array([0, 1, 0, 1])


def reference(**options):
    columns = [(codes[:, None] == np.arange(3)).astype(np.uint8) for codes in (ITEMS, ROWS)]
    attribute = Attribute(name="a", labels=("x", "y", "z"), items=ITEMS, reference=ROWS)
    found = Statistics(columns=("x", "y", "z"), items=columns[0], reference=columns[1], groups=(attribute,))
    table = ReferenceTable(table=pd.DataFrame({"a": ROWS}), words="", **options)
    return table, reference_of(table, found, items=5)


def test_a_value_that_only_items_have_is_unseen_and_a_missing_one_is_none():
    _, found = reference()
    assert found.unseen.tolist() == [[0, 0, 1]]
    assert reference(exact=True)[1].unseen is None
    rows = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 8.0]])
    means = unseen_rows(rows, [np.array([0, 1, 1]), np.array([0, 0, 0])], [np.array([0]), np.array([1])])
    assert means.tolist() == [[4, 6], [3, 14 / 3]]


def test_rows_near_a_query_may_lack_what_the_whole_reference_has():
    table, whole = reference(vectors=np.array([[1.0, 0.0], [0.0, 1.0]] * 2), items_themselves=False)
    near = nearest_rows(whole, table, np.array([1.0, 0.0], dtype=np.float32), count=2)
    assert near.codes[0].tolist() == [0, 0]
    assert near.unseen.tolist() == [[0, 0, 1], [0, 1, 0]]
    assert not near.of_items
