import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from auditkit_minoria.show.reveal import reveal, sizes, values_of


def test_what_a_column_reveals_is_counted_among_the_worst_rows_mining_did_not_see():
    loss, who = np.arange(100.0), np.where(np.arange(100) >= 80, "x", "y")
    rows, members = np.arange(100) % 2 == 0, np.arange(100) >= 40
    found = list(reveal([("g", members)], loss, rows, values_of(pd.Series(who)), confidence=0.95))
    by = {(one.k, one.value): one for one in found}
    assert sizes(30) == [30, 20, 10]
    assert {one.k for one in found} == {30, 20, 10}
    assert (by[10, "x"].hits, by[10, "y"].hits) == (10, 0)
    assert (by[30, "x"].hits, by[30, "x"].share_of_all) == (10, 0.2)
    expected = binomtest(10, 30).proportion_ci(0.95, method="wilson")
    assert (by[30, "x"].low, by[30, "x"].high) == pytest.approx((expected.low, expected.high))


def test_a_number_is_revealed_in_quarters_and_rare_values_together():
    codes, labels = values_of(pd.Series(np.arange(400.0)))
    assert np.bincount(codes).tolist() == [100] * 4
    codes, labels = values_of(pd.Series([f"v{i % 30:02d}" for i in range(300)] + [None] * 40))
    assert labels[0] == "(missing)"
    assert labels[-1] == "(other values)"
    assert len(labels) == 8
