"""How many pairs of rows would be equal by chance, against counting the pairs of every column."""

from itertools import combinations
from math import prod

import numpy as np
import pandas as pd
import pytest

from auditkit.groups.repeats import expected_repeats

FAR, NEGATIVE = 2**62, -(2**63)


def slow(table):
    n = len(table)
    pairs = n * (n - 1) / 2
    alike = (
        sum(a == b or (pd.isna(a) and pd.isna(b)) for a, b in combinations(table[name], 2))
        for name in table.columns
    )
    return pairs * prod(equal / pairs for equal in alike)


@pytest.mark.parametrize(
    "columns",
    [
        {"a": [3, 3, 4, 5, 3, 4], "b": ["x", "y", "x", "x", "y", "x"]},
        {"a": [NEGATIVE, NEGATIVE + 1, NEGATIVE, NEGATIVE + 1], "b": [1, 1, 2, 2]},
        {"a": np.array([FAR * 2, FAR * 2, FAR * 2 + 1], dtype=np.uint64)},
        {"a": [NEGATIVE, FAR, FAR, NEGATIVE]},
        {"a": [1.0, np.nan, np.nan, 1.0, 2.0], "b": np.array([1, 1, 0, 0, 1], dtype=np.int8)},
        {"a": [True, False, True], "b": pd.array([1, None, None], dtype="Int64").astype("float64")},
        {"a": pd.Categorical(["x", "x", None, "y", None], categories=["z", "y", "x"])},
        {"a": ["x", None, "x", None]},
        {"a": [1, 2, 3]},
    ],
)
def test_expected_repeats_are_those_of_pairs(columns):
    table = pd.DataFrame(columns)
    assert expected_repeats(table) == pytest.approx(slow(table), rel=1e-12)


def test_lists_are_all_alike():
    assert expected_repeats(pd.DataFrame({"a": [[1], [2], [3]], "b": [1, 1, 2]})) == 1.0


def test_no_row_and_one_row_have_no_pair():
    assert expected_repeats(pd.DataFrame({"a": np.array([], dtype=np.int64)})) == 0.0
    assert expected_repeats(pd.DataFrame({"a": [1]})) == 0.0
