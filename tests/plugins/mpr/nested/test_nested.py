"""Limits on prefixes against every nested list there is, and on the search of a user."""

import numpy as np
import pandas as pd
import pytest
from plugins.mpr.nested.judged import assert_nested
from plugins.mpr.small_search import REPAIR, write_search

from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.methods.registry import default_for
from auditkit_mpr.nested.functions import nested
from auditkit_mpr.nested.prefixes import Prefix, Prefixes
from auditkit_mpr.relaxed.swaps import Pool


@pytest.mark.parametrize("kind", ["linear", "groups"])
def test_nested_lists_are_bounded_as_enumeration_says_and_mostly_found(kind):
    counts = np.sum([assert_nested(seed, kind) for seed in range(12)], axis=0)
    assert counts[1] >= 0.9 * counts[0] > 0


@pytest.mark.parametrize("largest", [False, True])
def test_what_an_exchange_does_to_every_prefix_is_what_a_loop_says(largest):
    rng = np.random.default_rng(3)
    rows, target, values = rng.normal(size=(9, 2)), rng.normal(size=2), rng.normal(size=9)
    pool = Pool(similarities=values, rows=rows, target=target, largest=largest)
    prefixes, chosen, limit = (
        Prefixes((Prefix(2, pool), Prefix(4, pool), Prefix(5, pool))),
        np.array([3, 1, 7, 0, 5]),
        0.4,
    )
    gains, excess = prefixes._outcomes(chosen, limit)
    for out in range(5):
        for into in range(9):
            after = chosen.copy()
            if into in chosen:
                after[list(chosen).index(into)] = chosen[out]
            after[out] = into
            expected = sum(max(prefix.mpr(after) - limit, 0) for prefix in prefixes.each)
            assert excess[out, into] == pytest.approx(expected, abs=1e-9)
            gained = 0 if into in chosen else values[into] - values[chosen[out]]
            assert gains[out, into] == pytest.approx(gained, abs=1e-12)


def test_of_two_items_the_more_similar_one_comes_first_where_the_limit_allows():
    pool = Pool(similarities=np.array([1.0, 4, 3, 2]), rows=np.zeros((4, 1)), target=np.zeros(1))
    found = Prefixes((Prefix(1, pool), Prefix(3, pool))).exchanged(np.array([3, 1, 2]), limit=0.1, slope=1.0)
    assert found.tolist() == [1, 2, 3]


def test_every_prefix_of_a_list_that_is_written_keeps_the_limit(cli, tmp_path):
    write_search(tmp_path)
    done = cli(
        *REPAIR,
        "--reference",
        "reference.csv",
        *["--classes", "groups:1", "--rho", "0.2", "--prefixes", "5,10", "--json", "-o", "out.csv"],
    )
    assert done.code == 0, done.err
    items, reference = pd.read_csv("items.csv").set_index("id"), pd.read_csv("reference.csv")
    for query, rows in pd.read_csv("out.csv").groupby("query"):
        listed = items.loc[rows.sort_values("rank")["id"]]
        for size in (5, 10, 20):
            gaps = [
                (listed[column][:size] == value).mean() - (reference[column] == value).mean()
                for column in ("sex", "race")
                for value in reference[column].unique()
            ]
            assert np.abs(gaps).max() <= 0.2 + 1e-9
        finding = next(
            f
            for f in done.report["findings"]
            if f["group"] == query and f["metric"] == "mpr" and f["stage"] == 1
        )
        assert finding["details"]["meets"]
        assert [size for size, _ in finding["details"]["prefixes"]] == [5, 10, 20]
        assert finding["value"] == pytest.approx(np.abs(gaps).max(), abs=1e-9)


def test_methods_that_know_no_prefixes_and_sizes_that_are_none_are_one_sentence(cli, tmp_path):
    write_search(tmp_path)
    common = REPAIR
    assert "for prefixes of linear use nested" in cli(*common, "--prefixes", "5", "--method", "cone").err
    assert "limits on prefixes" in cli(*common, "--method", "nested").err
    assert "must rise, from 1 to less than k = 20" in cli(*common, "--prefixes", "10,5").err
    assert "must rise" in cli(*common, "--prefixes", "20").err
    assert "and not for tree" in cli(*common, "--prefixes", "5", "--classes", "tree").err
    assert default_for(nested(Ball("linear"), (3,), k=5)).name == "nested"
    assert default_for(Fitted("tree")).name == "lp"
