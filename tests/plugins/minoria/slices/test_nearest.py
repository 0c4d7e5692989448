"""The shortest rule of some rows, by their membership alone, and who they are."""

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.slices.made import PLANTED, levels, mixed

from auditkit_minoria.slices.conditions import members
from auditkit_minoria.slices.nearest import Nearest, f1_of, nearest
from auditkit_minoria.slices.who import who


@pytest.mark.parametrize("rule", PLANTED)
def test_a_rule_of_sets_and_ranges_is_found_from_its_rows(rule):
    table = mixed(4000, 0)
    given, rows = levels(table), PLANTED[rule][1](table).to_numpy()
    learn = np.arange(4000) % 2 == 0
    near = nearest(given, rows, learn)
    assert near.f1 >= 0.98
    assert {part.split()[0] for part in near.said.split(" and ")} == {
        part.split()[0] for part in rule.split(" and ")
    }
    assert near.f1 == f1_of(members(near.conditions, given.columns, 4000), rows)


def test_two_sets_of_levels_are_found_exactly():
    rng = np.random.default_rng(3)
    table = pd.DataFrame({name: rng.choice(list("abcdefgh"), 5000) for name in ("work", "job", "other")})
    rows = (table.work.isin(list("ace")) & table.job.isin(list("bdfh"))).to_numpy()
    near = nearest(levels(table), rows, np.ones(5000, dtype=bool))
    assert near.f1 == 1.0
    assert set(near.said.split(" and ")) == {"work in {a, c, e}", "job in {b, d, f, h}"}


def test_random_rows_have_no_simple_rule():
    table = mixed(3000, 1)
    rows = np.random.default_rng(2).random(3000) < 0.05
    assert nearest(levels(table), rows, np.ones(3000, dtype=bool)).f1 < 0.7


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_no_rows_and_all_rows_have_no_rule(share):
    rows = np.full(50, share == 1.0)
    assert nearest(levels(mixed(50, 0)), rows, np.ones(50, dtype=bool)) == Nearest()


@pytest.mark.parametrize("rule", PLANTED)
def test_every_value_told_of_a_group_is_over_represented_in_it(rule):
    table = mixed(4000, 0)
    rows = PLANTED[rule][1](table).to_numpy()
    found = who(levels(table), rows)
    assert found
    assert found[0].value.split()[0] in rule
    for one in found:
        assert one.share > one.share_of_all
