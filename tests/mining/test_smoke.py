"""A few runs of what `make sizes` repeats: planted groups are found and named, and nothing is where nothing is."""

import pytest
from mining import certified, planted
from mining.scenarios import scenarios
from mining.scores import Score, seldom
from plugins.minoria.slices.made import PLANTED


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_conjunction_is_found_and_named(rule):
    assert [score.count for score in planted.conjunctions(rule, range(1))] == [1, 1]
    f1, exactly = planted.best(rule, 0, "minoria.slices")
    assert f1 >= planted.FOUND
    assert exactly


def test_a_shifted_cloud_is_found_like_by_one_who_knows_it():
    assert [score.count for score in planted.tilted(range(2))] == [2]


@pytest.mark.parametrize("one", [one for one in scenarios() if not one.planted], ids=lambda one: one.name)
def test_with_nothing_to_find_few_runs_confirm_a_group_or_break_a_bound(one):
    assert [score for score in one.run(range(3)) if not score.holds] == []


def test_a_score_knows_its_bounds():
    assert not Score(what="", count=3, runs=20, most=2).holds
    assert not Score(what="", count=18, runs=20, least=19).holds
    assert seldom("", 0, 300, level=0.025).most == 17


def test_a_bound_that_is_too_low_counts_as_broken(monkeypatch):
    monkeypatch.setattr(certified, "CONFIDENCE", 0.02)
    rates, _ = certified.broken("one group far above", range(20))
    assert rates.count > rates.most
