"""A few runs of what `make sizes` repeats: planted groups are found and named, and nothing is where nothing is."""

import pytest
from mining import certified, planted
from mining.scenarios import scenarios
from mining.scores import Score, seldom
from plugins.minoria.slices.made import PLANTED

pytestmark = pytest.mark.slow


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["c = k and y ≥ 60", "a in {p, q} and b in {u, v} and c = l"])
def test_a_planted_conjunction_is_found_and_named(rule):
    assert [score.count for score in planted.conjunctions(rule, range(1))] == [1, 1]


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_conjunction_is_found_by_slices(rule):
    f1, exactly = planted.best(rule, 0, "minoria.slices")
    assert f1 >= planted.FOUND
    assert exactly


def test_a_shifted_cloud_is_found_like_by_one_who_knows_it():
    assert [score.count for score in planted.tilted(range(1))] == [1]


NULL = [
    pytest.param(one, id=one.name, marks=[pytest.mark.slow] if one.name.startswith("null minoria ") else [])
    for one in scenarios()
    if not one.planted
]


@pytest.mark.parametrize("one", NULL)
def test_with_nothing_to_find_few_runs_confirm_a_group_or_break_a_bound(one):
    assert [score for score in one.run(range(2)) if not score.holds] == []


def test_a_score_knows_its_bounds():
    assert not Score(what="", count=3, runs=20, most=2).holds
    assert not Score(what="", count=18, runs=20, least=19).holds
    assert seldom("", 0, 300, level=0.025).most == 17


def test_a_bound_that_is_too_low_counts_as_broken(monkeypatch):
    monkeypatch.setattr(certified, "CONFIDENCE", 0.02)
    rates, _ = certified.broken("one group far above", range(20))
    assert rates.count >= 10
