"""A condition's words, rows and expression say the same."""

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.slices.made import levels

from auditkit.groups.expressions import select_rows
from auditkit_minoria.slices.conditions import any_of, between, plain


def table():
    rng = np.random.default_rng(0)
    n = 400
    made = pd.DataFrame(
        {
            "plain": rng.choice(["x", "y", "it's"], n),
            "odd `name`": rng.choice([True, False], n),
            "gaps": pd.Series(rng.choice(["p", "q"], n)).where(rng.random(n) > 0.2),
            "age": rng.integers(18, 90, n),
            "score": rng.normal(size=n),
            "few": rng.choice([0.5, 1.5, np.nan], n),
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 500, n), unit="D"),
        }
    )
    made.loc[:20, "day"] = pd.NaT
    return made


@pytest.mark.parametrize("name", list(table()))
def test_every_level_has_rows_words_and_an_expression_that_agree(name):
    data = table()
    (column,) = levels(data[[name]]).columns
    for level in range(column.count):
        condition = plain(column, level)
        rows = condition.holds(column)
        assert rows.tolist() == (column.codes == level).tolist()
        assert select_rows(condition.expression(data), data).tolist() == rows.tolist()
        assert name in condition.in_words()


@pytest.mark.parametrize("name", ["age", "score", "few", "day"])
def test_every_range_of_bins_has_an_expression_that_finds_its_rows(name):
    data = table()
    (column,) = levels(data[[name]]).columns
    for first in range(column.bins):
        for stop in range(first + 1, column.bins + 1):
            if (first, stop) == (0, column.bins):
                continue
            condition = between(column, first, stop)
            inside = (column.codes >= first) & (column.codes < stop)
            assert condition.holds(column).tolist() == inside.tolist()
            assert select_rows(condition.expression(data), data).tolist() == inside.tolist()


def test_sets_are_said_by_what_is_fewer():
    data = pd.DataFrame({"k": list("abcdefgh") * 20})
    (column,) = levels(data).columns
    said = [any_of(column, chosen).in_words() for chosen in ([0], [0, 2], [0, 1, 2, 3, 4, 5], list(range(7)))]
    assert said == ["k = a", "k in {a, c}", "k not in {g, h}", "k ≠ h"]


def test_numbers_are_cut_where_a_reader_would():
    data = pd.DataFrame({"age": np.arange(18, 78).repeat(10), "share": np.linspace(0, 1, 600)})
    age, share = levels(data).columns
    assert all(edge == int(edge) for edge in age.edges)
    assert all(len(f"{edge:.10g}") <= 6 for edge in share.edges)
    assert between(age, 2, 4).in_words().startswith("age 21 to ")
    assert between(age, 0, 1).in_words() == "age < 19"
