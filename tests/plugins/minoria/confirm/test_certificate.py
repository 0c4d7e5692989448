"""With the stated confidence no group of the family exceeds the certificate's bounds."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.slices.made import levels, mixed, planted
from scipy.stats import beta, binom

from auditkit import Subject
from auditkit.testing import make_context
from auditkit_minoria.confirm.certificate import certificate, highest, lowest
from auditkit_minoria.run.absent import NO_RANGE
from auditkit_minoria.slices.cells import Limits
from auditkit_minoria.slices.cubes import WIDEST
from auditkit_minoria.steps import FINDERS, Minoria, MinoriaParams

STEPS = {step.name: step for step in FINDERS}


def test_bounds_of_a_rate_are_exact():
    for hits, rows in ((0, 10), (3, 10), (10, 10), (50, 1000)):
        high = highest(np.array([hits]), np.array([rows]), 0.95)[0]
        low = lowest(np.array([hits]), np.array([rows]), 0.95)[0]
        assert high == pytest.approx(1.0 if hits == rows else beta.ppf(0.95, hits + 1, rows - hits))
        assert hits == rows or binom.cdf(hits, rows, high) == pytest.approx(0.05)
        assert hits == 0 or binom.sf(hits - 1, rows, low) == pytest.approx(0.05)


def test_the_bound_is_the_largest_of_the_groups_own():
    table = mixed(3000, 0, noise=0)[["a", "b", "c"]]
    wrong = np.random.default_rng(1).random(3000) < 0.2
    found = certificate(levels(table), wrong, Limits(conditions=2, least=60, most=3000), confidence=0.95)
    bounds, gaps, small = [], [], 0
    for names in (["a"], ["b"], ["c"], ["a", "b"], ["a", "c"], ["b", "c"]):
        for _, places in table.groupby(names).indices.items():
            n, x = len(places), int(wrong[places].sum())
            if n < 60:
                small += 1
                continue
            bounds.append(beta.ppf(0.95, x + 1, n - x))
            rest = 3000 - n
            y = int(wrong.sum()) - x
            gaps.append(beta.ppf(0.975, x + 1, n - x) - beta.ppf(0.025, y, rest - y + 1))
    assert (found.groups, found.small) == (len(bounds), small)
    assert found.rate == pytest.approx(max(bounds))
    assert found.gap == pytest.approx(max(gaps))


@pytest.mark.parametrize(("conditions", "planted_in"), [(1, "b"), (2, "b"), (2, "ac"), (3, "ac"), (3, "abc")])
def test_the_group_of_the_highest_bound_is_named_whichever_table_it_is_in(conditions, planted_in):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({name: rng.choice(list("pqr"), 6000) for name in "abc"})
    bad = np.all([table[name] == "q" for name in planted_in], axis=0)
    wrong = rng.random(6000) < np.where(bad, 0.8, 0.1)
    bounds = {}
    for k in range(1, conditions + 1):
        for names in combinations("abc", k):
            for levels_, places in table.groupby(list(names)).indices.items():
                of_each = zip(names, levels_ if k > 1 else [levels_], strict=True)
                said = " and ".join(f"{name} = {level}" for name, level in of_each)
                hits = int(wrong[places].sum())
                bounds[said] = beta.ppf(0.95, hits + 1, len(places) - hits), hits / len(places)
    limits = Limits(conditions=conditions, least=60, most=6000)
    found = certificate(levels(table), wrong, limits, confidence=0.95)
    worst = max(bounds, key=bounds.get)
    assert (found.worst, found.worst_rate) == (worst, pytest.approx(bounds[worst][1]))
    assert (found.groups, found.rows, found.least) == (len(bounds), 6000, 60)


def broken(repeats, seed=0):
    """How often the bound lies below the highest true rate: one group far above the others, so that it counts alone."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"g": np.repeat(["bad", "good"], [200, 1800])})
    given, limits = levels(table), Limits(conditions=1, least=50, most=2000)
    bad = (table["g"] == "bad").to_numpy()
    misses = 0
    for _ in range(repeats):
        found = certificate(given, rng.random(2000) < np.where(bad, 0.5, 0.02), limits, confidence=0.95)
        misses += found.rate < 0.5
    return misses


def test_the_bound_is_broken_at_its_nominal_rate():
    misses = broken(600)
    assert (
        binom.cdf(misses, 600, 0.05) > 0.001
    )  # not idle: it would be smaller if bounds were corrected for nothing
    assert binom.sf(misses - 1, 600, 0.05) > 0.001


def test_a_run_says_what_no_group_exceeds_and_how_many_were_not_judged():
    table, _ = planted("a = q", 3000, 0)
    context = make_context()
    found = Minoria().find(
        Subject(table=table, loss="err", features=tuple(table)[:-1]), MinoriaParams(), context
    )
    numbers = {f.metric: f for f in found.findings if f.metric.startswith("certified")}
    assert set(numbers) == {"certified_rate", "certified_gap"}
    assert numbers["certified_rate"].value > 0.45
    assert numbers["certified_rate"].details["not_judged"] > 0
    groups, small = (numbers["certified_rate"].details[name] for name in ("groups", "not_judged"))
    (told,) = [answer.text for answer in context.ledger.answers if "confidence none of" in answer.text]
    assert told.startswith(
        f"Besides the group above, with 95 % confidence none of {groups:,} groups, each of single "
    )
    assert f"{small:,} smaller groups, and other sets of levels and ranges, were not judged." in told


def test_a_certificate_says_of_which_columns_it_speaks(monkeypatch):
    monkeypatch.setitem(WIDEST, 2, 3)
    table = mixed(2000, 0, noise=0).assign(err=(np.arange(2000) % 7 == 0).astype(float))
    context = make_context()
    data = Subject(table=table, loss="err", features=tuple(table)[:-1])
    STEPS["minoria.slices"]().find(data, STEPS["minoria.slices"].Params(conditions=2), context)
    (told,) = [answer.text for answer in context.ledger.answers if "confidence none of" in answer.text]
    assert told.startswith("With 95 % confidence none of ")
    assert told.endswith(" Groups of 2 conditions are of the first 3 of 6 columns.")


def test_of_one_column_with_no_small_group_it_speaks_as_of_one():
    table = pd.DataFrame({"a": ["p", "q"] * 500, "err": (np.arange(1000) % 7 == 0).astype(float)})
    context = make_context()
    data = Subject(table=table, loss="err", features=("a",))
    STEPS["minoria.slices"]().find(data, STEPS["minoria.slices"].Params(), context)
    (told,) = [answer.text for answer in context.ledger.answers if "confidence none of" in answer.text]
    assert "bins of one column and at least" in told
    assert told.endswith(" points. Other sets of levels and ranges were not judged.")


def test_a_loss_without_a_known_range_has_no_certificate():
    table = mixed(1000, 0, noise=0)
    table["cost"] = np.random.default_rng(0).exponential(size=1000)
    context = make_context()
    found = Minoria().find(Subject(table=table, loss="cost", features=("a", "b")), MinoriaParams(), context)
    assert not any(f.metric.startswith("certified") for f in found.findings)
    assert ("certificate of absence", NO_RANGE) in [(one.what, one.why) for one in context.ledger.skipped]
