from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.calls import STEPS
from plugins.minoria.seeded import minoria_2d

import auditkit_minoria
from auditkit import DataError, Subject, UsageError
from auditkit.running.context import RunContext
from auditkit.running.ledger import Ledger, Observer
from auditkit.spec.stats import Stats
from auditkit.testing import check_step
from auditkit_minoria.directions.sweep import sweep
from auditkit_minoria.searches.focus import FocusParams
from auditkit_minoria.searches.sweeps.sweep import SweepParams
from auditkit_minoria.steps import Minoria, MinoriaParams

SWEPT = "minoria: the features are two numbers, and a plane can be searched exactly, so the search is minoria.sweep and minoria.slices"
EXPLORED = (
    "minoria: the features are not just two numbers: climbing looks for skewness, focus for errors, slices for plain "
    "conditions, so the search is minoria.climb, minoria.focus and minoria.slices"
)
FINDERS = [
    (Minoria, MinoriaParams),
    (STEPS["minoria.sweep"], SweepParams),
    (STEPS["minoria.focus"], FocusParams),
]


def context():
    return RunContext(stats=Stats(), step="hidden", ledger=Ledger(), observer=Observer(), work=Path())


def subject(n=1500, **roles):
    """Two numbers and a category; predictions that are wrong for most of the small cloud."""
    points = minoria_2d(n, seed=1)
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, size=n)
    wrong = rng.random(n) < np.where(points[:, 0] < -2.5, 0.8, 0.1)
    table = pd.DataFrame(
        {
            "a b": points[:, 0], "c": points[:, 1], "kind": rng.choice(["x", "y"], size=n),
            "same": 1.0, "label": label, "guess": np.where(wrong, 1 - label, label),
            "split": np.where(np.arange(n) % 2 == 0, "train", "test"),
        }
    )  # fmt: skip
    given = {"target": "label", "pred": "guess", "split": "split", "features": ("a b", "c")}
    return Subject(table=table, **(given | roles))


def found_by(finder, params, data):
    lent = context()
    step = finder()
    step.check(data, params)
    return step.find(data, params, lent), lent


@pytest.mark.parametrize(("finder", "kind"), FINDERS)
def test_each_finder_finds_a_group_that_its_expression_finds_again(finder, kind):
    data = subject()
    mined, _ = found_by(finder, kind(tail=0.1), data)
    assert mined.confirmed
    assert mined.confirmed <= {group.name for group in mined.groups}
    for group in mined.groups:
        again = data.table.eval(group.expression, engine="python")
        assert again.tolist() == group.mask.tolist()
        assert group.rule.startswith("rows with ")
    gaps = {f.group: f for f in mined.findings if f.metric == "loss_gap"}
    for name in mined.confirmed:
        assert gaps[name].interval.low > 0
        assert gaps[name].details["p_corrected"] < 0.025
        assert gaps[name].unit == "zero_one"


@pytest.mark.parametrize(("finder", "kind"), FINDERS)
def test_numbers_are_those_of_the_held_out_rows(finder, kind):
    data = subject()
    mined, _ = found_by(finder, kind(tail=0.1), data)
    loss = (data.table["label"] != data.table["guess"]).to_numpy(dtype=float)
    held_out = (data.table["split"] == "test").to_numpy()
    for group in mined.groups:
        numbers = {f.metric: f for f in mined.findings if f.group == group.name}
        tail = group.mask & held_out
        assert numbers["loss_gap"].value == pytest.approx(loss[tail].mean() - loss[held_out].mean())
        assert numbers["tail_loss"].value == pytest.approx(loss[tail].mean())
        assert numbers["loss_gap"].n == numbers["tail_loss"].n == tail.sum()
        assert numbers["tail_share"].value == pytest.approx(tail.sum() / held_out.sum())
        assert numbers["tail_share"].n == held_out.sum()
        assert "skew" not in numbers or numbers["skew"].n == (~held_out).sum()
        assert group.seen.tolist() == (~held_out).tolist()


def test_the_sweep_reports_the_angle_of_the_raw_points():
    data = subject()
    mined, _ = found_by(STEPS["minoria.sweep"], SweepParams(), data)
    points = data.table.loc[data.table["split"] == "train", ["a b", "c"]].to_numpy()
    expected = sweep(points)
    first = next(f for f in mined.findings if f.metric == "skew")
    assert first.value == pytest.approx(expected.skews[expected.best], abs=1e-12)
    assert first.details["angle_degrees"] == pytest.approx(
        np.degrees(expected.angles[expected.best]), abs=1e-9
    )
    angle = expected.angles[expected.best]
    assert first.details["direction"] == pytest.approx({"a b": np.cos(angle), "c": np.sin(angle)})


def test_two_numbers_are_swept_and_anything_else_is_explored():
    _, lent = found_by(Minoria, MinoriaParams(), subject())
    assert SWEPT in lent.ledger.notes
    _, lent = found_by(Minoria, MinoriaParams(), subject(features=("a b", "c", "kind")))
    assert EXPLORED in lent.ledger.notes
    _, lent = found_by(Minoria, MinoriaParams(columns=("a b", "c")), subject(features=("a b", "c", "kind")))
    assert SWEPT in lent.ledger.notes


def test_without_a_target_groups_are_listed_for_their_skewness():
    mined, lent = found_by(Minoria, MinoriaParams(), subject(target=None, pred=None, split=None))
    assert mined.groups
    assert mined.confirmed is None
    assert any("without a target" in note for note in lent.ledger.notes)
    gaps = [f for f in mined.findings if f.metric == "loss_gap"]
    reasons = {"no loss: skew only", "largely the same rows as another tail"}
    assert {(f.value, f.reason) for f in gaps} <= {(None, reason) for reason in reasons}


def test_without_a_split_column_a_seeded_half_is_held_out():
    sweep = STEPS["minoria.sweep"]
    one, two = (found_by(sweep, SweepParams(), subject(split=None))[0] for _ in range(2))
    assert [f.value for f in one.findings] == [f.value for f in two.findings]
    assert {f.n for f in one.findings if f.metric == "skew"} == {750}
    less, _ = found_by(sweep, SweepParams(confirm_share=0.2), subject(split=None))
    assert {f.n for f in less.findings if f.metric == "skew"} == {1200}


def test_a_column_that_does_not_vary_is_named_as_left_out():
    mined, lent = found_by(STEPS["minoria.focus"], FocusParams(), subject(features=("a b", "c", "same")))
    assert mined.findings
    assert [(s.what, s.why) for s in lent.ledger.skipped] == [("column same", "constant")]
    with pytest.raises(DataError, match="the search needs two columns that vary: same: constant"):
        found_by(STEPS["minoria.sweep"], SweepParams(), subject(features=("a b", "same")))


def test_a_misspelt_column_is_refused_with_the_nearest_right_one():
    with pytest.raises(DataError, match="no column 'kin'; did you mean 'kind'"):
        Minoria().check(subject(), MinoriaParams(columns=("kin", "c")))


@pytest.mark.parametrize("names", [("a b",), ("a b", "kind"), ("a b", "c", "kind")])
def test_a_sweep_of_anything_but_two_numbers_is_refused(names):
    with pytest.raises(UsageError, match=r"minoria\.sweep needs two numeric columns"):
        STEPS["minoria.sweep"]().check(subject(features=names), SweepParams())


def test_a_split_column_without_a_mining_part_is_refused():
    data = subject(split="kind")
    with pytest.raises(
        DataError, match="split column 'kind' holds 'x', 'y'; minoria mines the rows marked train"
    ):
        Minoria().check(data, MinoriaParams())


def test_findings_have_a_declared_metric_and_a_value_or_a_reason():
    mined, _ = found_by(Minoria, MinoriaParams(tau=0.2), subject())
    declared = {metric.name for metric in Minoria.metrics}
    assert {f.metric for f in mined.findings} <= declared
    assert all((f.value is None) == bool(f.reason) for f in mined.findings)
    assert {f.reason for f in mined.findings if f.value is None} <= {"tail not under-performing"} | {
        f.reason for f in mined.findings if f.reason.startswith("insufficient evidence")
    }


def test_the_plugin_provides_plain_minoria_and_ten_searches():
    first, *others = (finder.name for finder in auditkit_minoria.auditkit_finders())
    assert first == "minoria"
    assert set(others) == {f"minoria.{name}" for name in (
        "sweep", "warmup", "sweep3d", "grid", "spread", "explore", "focus", "kmeans", "climb", "slices"
    )}  # fmt: skip


@pytest.mark.parametrize("step", auditkit_minoria.auditkit_finders())
def test_every_search_keeps_the_contract_of_a_step(step):
    check_step(step, subjects={})  # run on tiny subjects by tests/host/test_check.py
