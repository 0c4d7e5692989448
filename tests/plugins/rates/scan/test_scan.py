"""A scan of cuts: every number is that of the cut by hand, and what is said to keep the limit keeps it."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from auditkit import Subject, UsageError
from auditkit.errors import DataError
from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.spec.stats import Stats
from auditkit.testing import check_step, make_context
from auditkit_rates.scan.limits import TITLE
from auditkit_rates.scan.metrics import SCANNED
from auditkit_rates.scan.places import places_of
from auditkit_rates.scan.steps import ThresholdScan


def table(n=3000, *, seed=0, shift=0.2):
    rng = np.random.default_rng(seed)
    g = rng.choice(["A", "B", "C"], n, p=[0.5, 0.3, 0.2])
    s = np.clip(np.round(rng.beta(2, 2, n) - shift * (g == "B"), 2), 0, 1)
    y = (rng.random(n) < s).astype(int)
    return pd.DataFrame({"g": g, "h": rng.choice(["x", "y"], n), "y": y, "s": s, "w": rng.gamma(2, size=n)})


def scanned(frame, *, groups=("g",), stats=None, params=None, **roles):
    made = Subject(table=frame, **{"target": "y", "score": "s", **roles})
    subject = group_by(made, {name: GroupSpec(column=name) for name in groups})
    step, context = ThresholdScan(), make_context(stats=stats or Stats())
    settings = step.Params(**(params or {}))
    step.check(subject, settings)
    return step.run(subject, settings, context), context.ledger


def by_hand(rows, cut, weights):
    """Return every scanned metric of some rows, decided by score >= cut, from its four cells."""
    w, chosen = weights[rows.index], rows.s >= cut
    tp, fp, fn, tn = (
        float(w[(chosen == c) & (rows.y == y)].sum()) for c, y in ((1, 1), (1, 0), (0, 1), (0, 0))
    )
    n, tpr, tnr = tp + fp + fn + tn, tp / (tp + fn), tn / (tn + fp)
    return {
        "selection_rate": (tp + fp) / n, "tpr": tpr, "fpr": 1 - tnr, "precision": tp / (tp + fp),
        "accuracy": (tp + tn) / n, "balanced_accuracy": (tpr + tnr) / 2, "f1": 2 * tp / (2 * tp + fp + fn),
        "fnr": 1 - tpr, "tnr": tnr, "npv": tn / (tn + fn), "fdr": fp / (tp + fp), "for": fn / (tn + fn),
    }  # fmt: skip


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("cut", [0.3, 0.5])
def test_every_metric_at_every_cut_is_that_of_the_cut_by_hand(cut, weight):
    frame = table()
    found, _ = scanned(frame, weight=weight, params={"metrics": SCANNED, "at": (cut, 0.4)})
    weights = frame.w if weight else pd.Series(1.0, index=frame.index)
    hand = pd.DataFrame({g: by_hand(rows, cut, weights) for g, rows in frame.groupby("g")}).T
    mine = {(f.metric, f.compare): f for f in found if f.details["cut"] == cut}
    for name in SCANNED:
        assert mine[name, "difference"].value == pytest.approx(hand[name].max() - hand[name].min(), abs=1e-12)
        assert mine[name, "ratio"].value == pytest.approx(hand[name].min() / hand[name].max(), abs=1e-12)
        assert mine[name, "difference"].details["lowest"] == f"g={hand[name].idxmin()}"


def test_the_table_and_the_chart_hold_every_group_at_every_cut():
    frame = table()
    _, ledger = scanned(frame, params={"metrics": ("recall",), "at": (0.2, 0.4, 0.6)})
    limits, shown = ledger.tables
    assert (limits.title, shown.columns[:4]) == (TITLE, ("Cut", "A", "B", "C"))
    for row in shown.rows:
        for group, rate in zip("ABC", row[1:4], strict=True):
            cases = frame[(frame.g == group) & (frame.y == 1)]
            assert rate == pytest.approx((cases.s >= float(row[0])).mean(), abs=5e-4)
    (chart,) = ledger.charts
    assert {layer.name for layer in chart.layers} == {"A", "B", "C"}
    assert all(
        low < y < high
        for layer in chart.layers
        for low, y, high in zip(layer.low, layer.y, layer.high, strict=True)
    )


def test_cuts_that_keep_the_limit_are_named_and_shown_only_beyond_chance():
    frame = table(20_000)
    found, ledger = scanned(frame, params={"metrics": ("selection_rate",), "limit": 0.15})
    row = ledger.tables[0].rows[0]
    gaps = {f.details["cut"]: f.value for f in found if f.compare == "difference"}
    kept = [f"{cut:g}" for cut, gap in gaps.items() if gap <= 0.15]
    assert kept
    assert all(edge in kept for run in row[2].split(", ") for edge in run.split(" to "))
    inside = [cut for run in row[3].split(", ") for cut in run.split(" to ")]
    assert inside
    assert set(inside) <= set(kept)
    assert any("at most 15 points apart at cut" in answer.text for answer in ledger.answers)


def test_few_rows_show_no_cut_although_some_keep_the_limit():
    _, ledger = scanned(table(400, shift=0.0), params={"metrics": ("selection_rate",), "limit": 0.1})
    (row,) = ledger.tables[0].rows
    assert row[2]
    assert not row[3]
    assert any("shown at no cut" in answer.basis for answer in ledger.answers)


def test_a_ratio_may_be_asked_for_too():
    frame = table(20_000)
    loose, strict = (
        scanned(frame, params={"metrics": ("selection_rate",), "limit": 0.9, "least_ratio": least})[1]
        .tables[0]
        .rows[0]
        for least in (0.0, 0.8)
    )
    assert strict[2] != loose[2]


def test_a_score_alone_is_scanned_for_selection_and_for_nothing_else():
    frame = table()
    found, _ = scanned(frame, target=None)
    assert {f.metric for f in found} == {"selection_rate"}
    with pytest.raises(UsageError, match="metric 'tpr' asks for true labels"):
        scanned(frame, target=None, params={"metrics": ("tpr",)})


def test_cuts_are_scores_above_the_lowest_and_few_values_are_all_tried():
    assert places_of(np.array([1.0, 1, 2, 3, 3]), ()).tolist() == [2, 3]
    score = np.random.default_rng(0).normal(size=1000)
    found = places_of(score, ())
    assert len(found) == 19
    assert set(found) <= set(score)
    assert places_of(score, (3, 1, 1)).tolist() == [1, 3]
    with pytest.raises(DataError, match="nothing to cut"):
        places_of(np.ones(5), ())


@pytest.mark.parametrize(
    ("roles", "params", "told"),
    [
        ({"score": None, "target": None}, {}, "needs a score"),
        ({"score": None, "pred": "y"}, {}, "--pred gives decisions"),
        ({}, {"metrics": ("recal",)}, "no metric 'recal'"),
        ({"groups": ()}, {}, "needs groups"),
    ],
)
def test_what_cannot_be_scanned_is_said(roles, params, told):
    with pytest.raises((UsageError, DataError), match=told):
        scanned(table(), params=params, **roles)


def test_the_step_keeps_the_contract():
    check_step(ThresholdScan)


@pytest.mark.slow
def test_a_cut_picked_from_all_that_are_shown_is_wrong_in_few_repeats():
    """The groups differ by exactly the limit at every cut: any cut that is shown to keep it is wrong."""
    wrong, repeats, limit = 0, 200, 0.1
    for seed in range(repeats):
        rng = np.random.default_rng(seed)
        g = rng.integers(0, 2, 1000)
        # B's scores are A's, but a tenth of B is sent to the bottom: every cut above it differs by a tenth of the rate.
        s = np.where(rng.random(1000) < limit * g, 0.0, 1.0 - 0.1 * rng.random(1000))
        frame = pd.DataFrame({"g": np.where(g, "B", "A"), "s": s, "y": rng.integers(0, 2, 1000)})
        _, ledger = scanned(frame, target=None, params={"at": (0.2, 0.4, 0.6, 0.8, 0.9), "limit": limit})
        wrong += bool(ledger.tables[0].rows[0][3])
    assert wrong <= binom.isf(0.001, repeats, 0.025)


def test_of_a_single_group_no_cut_is_said_to_keep_or_break_a_limit():
    frame = table().assign(g="A")
    _, ledger = scanned(frame)
    assert not ledger.answers
