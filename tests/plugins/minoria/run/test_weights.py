"""Rows with weights through a whole run: equal ones change nothing, others count in every number and verdict."""

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.slices.made import mixed

from auditkit import Subject
from auditkit.testing import make_context
from auditkit_minoria.slices.nearest import f1_of
from auditkit_minoria.steps import FINDERS

pytestmark = pytest.mark.slow

STEPS = {step.name: step for step in FINDERS}
COLUMNS = ("a", "b", "x", "y")


def table(n=3000, seed=0):
    """Errors that are frequent where `a = q` and `x` is high; weights of two sizes that go with nothing."""
    made = mixed(n, seed, noise=0)
    rng = np.random.default_rng(seed + 1)
    odd = ((made["a"] == "q") & (made["x"] > 48)).to_numpy()
    made["err"] = (rng.random(n) < np.where(odd, 0.5, 0.1)).astype(float)
    made["w"] = rng.choice([1.0, 3.0], n)
    return made, odd


def mined(data, step="minoria", weight="w", context=None, **roles):
    finder = STEPS[step]()
    subject = Subject(table=data, features=COLUMNS, weight=weight, **(roles or {"loss": "err"}))
    return finder.find(subject, finder.Params(tail=0.1), context or make_context())


def numbers(found):
    return [(f.metric, f.group, f.value, f.interval, f.n, f.details) for f in found.findings]


@pytest.mark.parametrize("step", ["minoria", "minoria.slices", "minoria.climb"])
def test_equal_weights_give_what_no_weights_give(step):
    data, _ = table()
    plain, equal = mined(data, step, None), mined(data.assign(w=0.3), step)
    assert plain.groups
    assert numbers(plain) == numbers(equal)
    assert [(g.name, g.rule, g.expression) for g in plain.groups] == [
        (g.name, g.rule, g.expression) for g in equal.groups
    ]


@pytest.mark.parametrize("step", ["minoria", "minoria.slices", "minoria.focus", "minoria.kmeans"])
def test_every_number_of_a_group_is_weighted(step):
    data, _ = table()
    context = make_context()
    found = mined(data, step, context=context)
    assert found.groups
    held = ~found.groups[0].seen
    loss, weight = data["err"].to_numpy()[held], data["w"].to_numpy()[held]
    for group in found.groups:
        inside = group.mask[held]
        mean = sum(loss[inside] * weight[inside]) / sum(weight[inside])
        expected = {
            "loss_gap": mean - sum(loss * weight) / sum(weight),
            "tail_loss": mean,
            "tail_share": sum(weight[inside]) / sum(weight),
        }
        got = {f.metric: f.value for f in found.findings if f.group == group.name and f.metric in expected}
        assert got == pytest.approx(expected)
    assert any("rows count by their weights ('w')" in note for note in context.ledger.notes)


def test_whole_weights_find_the_slice_that_rows_repeated_as_often_find():
    data, odd = table()
    data["split"] = np.where(np.arange(len(data)) % 2, "train", "test")
    more = data.loc[data.index.repeat(data["w"].astype(int))].reset_index(drop=True)
    one, other = (
        STEPS["minoria.slices"]().find(
            Subject(table=made, features=COLUMNS, loss="err", split="split", weight=weight),
            STEPS["minoria.slices"].Params(),
            make_context(),
        )
        for made, weight in ((data, "w"), (more, None))
    )
    assert f1_of(one.groups[0].mask, odd) > 0.9
    assert one.groups[0].rule == other.groups[0].rule
    gaps = [next(f for f in found.findings if f.metric == "loss_gap") for found in (one, other)]
    assert gaps[0].value == pytest.approx(gaps[1].value, rel=1e-12)
    assert gaps[0].details["mining_gap"] == pytest.approx(gaps[1].details["mining_gap"], rel=1e-12)
    assert gaps[0].details["who"][0]["share"] == pytest.approx(gaps[1].details["who"][0]["share"], rel=1e-9)


@pytest.mark.parametrize("step", ["minoria.slices", "minoria.climb"])
def test_rows_that_weigh_nothing_are_as_if_they_were_not_there(step):
    data, _ = table()
    data["w"] = np.where(np.arange(len(data)) % 5 == 0, 0.0, data["w"])
    turned = data.assign(err=np.where(data["w"] == 0, 1 - data["err"], data["err"]))
    assert numbers(mined(data, step)) == numbers(mined(turned, step))


def test_a_group_whose_heavy_rows_alone_fare_badly_is_found_by_their_weights_alone():
    data, _ = table(seed=3)
    rng = np.random.default_rng(3)
    odd = (data["b"] == "w").to_numpy()
    data["w"] = np.where(rng.random(len(data)) < 0.3, 8.0, 1.0)
    heavy = odd & (data["w"] > 1)
    data["err"] = (rng.random(len(data)) < np.where(heavy, 0.7, np.where(odd, 0.02, 0.2))).astype(float)
    found = {
        weight: [
            f1_of(g.mask, odd) for g in mined(data, "minoria.slices", weight).groups if g.name == "minoria-1"
        ]
        for weight in ("w", None)
    }
    assert found["w"][0] > 0.95
    assert max(found[None], default=0.0) < 0.5


def test_rates_of_a_group_are_weighted_and_why_there_is_no_certificate_is_told():
    data, odd = table()
    rng = np.random.default_rng(2)
    data["y"] = rng.choice([0, 1], len(data))
    data["p"] = np.where(data["err"] == 1, 1 - data["y"], data["y"])
    context = make_context()
    found = mined(data, "minoria.slices", context=context, target="y", pred="p")
    group = found.groups[0]
    assert f1_of(group.mask, odd) > 0.9
    rows = group.mask & ~group.seen
    right, weight, bad = (data["err"][rows] == 0), data["w"][rows], (data["y"][rows] == 1)
    got = {f.metric: f.value for f in found.findings if f.group == group.name}
    assert got["tail_accuracy"] == pytest.approx((right * weight).sum() / weight.sum())
    assert got["tail_fnr"] == pytest.approx((~right * weight)[bad].sum() / weight[bad].sum())
    assert (
        "certificate of absence",
        "a weighted rate has no exact bound; without --weight the rows themselves have one",
    ) in [(one.what, one.why) for one in context.ledger.skipped]


def test_groups_are_looked_for_again_with_their_weights():
    data, _ = table(n=1500)
    finder = STEPS["minoria.slices"]()
    subject = Subject(table=data, features=COLUMNS, loss="err", weight="w")
    found = finder.find(subject, finder.Params(stability=5), make_context())
    assert next(f for f in found.findings if f.metric == "loss_gap").details["stability"] >= 0.6


@pytest.mark.parametrize("of", ["mined", "judged"])
def test_a_tail_is_the_share_asked_for_of_the_weight(of):
    rng = np.random.default_rng(7)
    data = pd.DataFrame({"x": rng.exponential(size=4000), "z": rng.normal(size=4000)})
    data["err"] = (rng.random(4000) < np.where(data["x"] > 2, 0.5, 0.1)).astype(float)
    data["w"] = np.where(data["x"] > 1.5, 0.2, 1.0)
    finder = STEPS["minoria.explore"]()
    subject = Subject(table=data, features=("x", "z"), weight="w", loss="err")
    found = finder.find(subject, finder.Params(tail=0.05, top=1, tails_of=of), make_context())
    share = next(f.value for f in found.findings if f.metric == "tail_share")
    assert share == pytest.approx(0.05, abs=0.015)
    assert found.groups[0].mask.mean() > 0.1
