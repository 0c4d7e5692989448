"""What `rates` says of scores: default and asked-for metrics, refusals, and that no information is no finding."""

import numpy as np
import pandas as pd
import pytest
from plugins.rates.audited import audited, one
from scipy.stats import binom
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from auditkit.errors import UsageError
from auditkit_rates.metrics.reported import METRICS, NAMES
from auditkit_rates.metrics.scores import BY_DEFAULT, SCORE_METRICS

pytestmark = pytest.mark.slow

ALL = tuple(metric.name for metric in SCORE_METRICS)


def table(n=3000, *, seed=0, shift=0.15, information=1.5):
    """Return rows of two groups, of which B's score is `shift` too high."""
    rng = np.random.default_rng(seed)
    group = rng.choice(["A", "B", "C"], n, p=[0.5, 0.3, 0.2])
    chance = 1 / (1 + np.exp(-information * rng.normal(size=n)))
    y = (rng.random(n) < chance).astype(int)
    score = np.clip(chance + shift * (group == "B"), 0, 1)
    return pd.DataFrame({"g": group, "y": y, "s": score, "w": rng.gamma(2, size=n), "who": np.arange(n) // 3})


def scores(frame, metrics=ALL, **settings):
    return audited(frame, metrics=metrics, pred=None, score="s", **settings)


@pytest.mark.parametrize("weight", [None, "w"])
def test_every_group_equals_scikit_learn(weight):
    frame = table()
    found = scores(frame, weight=weight, reference={"g": "A"})
    for group, rows in frame.groupby("g"):
        heavy = {} if weight is None else {"sample_weight": rows.w}
        for name, oracle in {
            "auc": roc_auc_score, "average_precision": average_precision_score, "brier": brier_score_loss,
            "log_loss": log_loss,
        }.items():  # fmt: skip
            expected = oracle(rows.y, rows.s, **heavy)
            assert one(found, name, f"g={group}").value == pytest.approx(expected, abs=1e-12)
        gap = np.average(rows.s - rows.y, weights=rows[weight] if weight else None)
        assert one(found, "calibration_gap", f"g={group}").value == pytest.approx(gap, abs=1e-12)
        rest = frame[frame.g != group]
        heavy = {} if weight is None else {"sample_weight": rest.w}
        to_rest = one(found, "auc", f"g={group}", "to_rest").value
        own = one(found, "auc", f"g={group}").value
        assert own - to_rest == pytest.approx(roc_auc_score(rest.y, rest.s, **heavy), abs=1e-12)


def test_each_comparison_that_is_declared_is_reported():
    reported = {(f.metric, f.compare) for f in scores(table(), reference={"g": "A"})}
    for metric in SCORE_METRICS:
        assert {c for m, c in reported if m == metric.name} == set(metric.compares)


def test_a_score_that_is_too_high_in_one_group_is_said_so_unasked():
    found = scores(table(), metrics=())
    assert {f.metric for f in found} >= set(BY_DEFAULT)
    high = one(found, "calibration_gap", "g=B")
    assert 0.08 < high.interval.low < high.value < high.interval.high < 0.18
    fair = one(found, "calibration_gap", "g=A")
    assert fair.interval.low < 0 < fair.interval.high


def test_labels_alone_have_no_metrics_of_scores():
    frame = table().assign(p=lambda f: (f.s > 0.5).astype(int))
    assert {f.metric for f in audited(frame)}.isdisjoint(ALL)
    with pytest.raises(UsageError, match="metric 'auc' does not fit"):
        audited(frame, metrics=("auc",))


def test_too_few_of_one_class_are_insufficient_evidence():
    frame = table()
    frame.loc[(frame.g == "C") & (frame.y == 1) & (frame.index % 40 > 0), "g"] = "A"
    found = scores(frame)
    few = int(((frame.g == "C") & (frame.y == 1)).sum())
    assert 0 < few < 30
    for name in ("auc", "average_precision", "calibration_error"):
        assert one(found, name, "g=C").reason == (
            f"insufficient evidence: {few} rows of the smaller class, 30 needed"
        )
    assert one(found, "calibration_gap", "g=C").value is not None


def test_clusters_widen_every_interval_of_a_score():
    frame = pd.concat([table(600)] * 3, ignore_index=True).assign(who=np.tile(np.arange(600), 3))
    plain, told = scores(frame), scores(frame, cluster="who")
    for name in set(ALL) - {"calibration_error"}:
        before, after = (one(found, name, "g=B").interval for found in (plain, told))
        assert after.high - after.low > 1.5 * (before.high - before.low)


def test_other_names_are_understood():
    found = scores(table(), metrics=("roc_auc", "recall", "ece"))
    assert {f.metric for f in found} == {"auc", "tpr", "equal_opportunity", "calibration_error"} - (
        {"equal_opportunity"}
    )
    assert set(NAMES.values()) == set(METRICS)
    assert all(other == name or other not in METRICS for other, name in NAMES.items())


@pytest.mark.slow
def test_of_a_score_without_information_nothing_is_claimed_beyond_nominal():
    claims = {"auc": 0, "difference": 0, "to_rest": 0}
    repeats = 400
    for seed in range(repeats):
        rng = np.random.default_rng([7, seed])
        frame = table(600, seed=seed).assign(s=rng.random(600), y=rng.integers(0, 2, 600))
        found = scores(frame, metrics=("auc",))
        whole = one(found, "auc", "").interval
        claims["auc"] += whole.low > 0.5
        claims["difference"] += one(found, "auc", "g", "difference").interval.low > 0
        claims["to_rest"] += one(found, "auc", "g=B", "to_rest").interval.low > 0
    assert max(claims.values()) <= binom.isf(0.001, repeats, 0.025), claims


def test_the_calibration_curve_is_each_bins_mean_score_and_observed_share():
    frame, shown = table(), []
    scores(frame, metrics=("calibration_error",), exhibits=shown)
    (tables, charts) = [[e for e in shown if hasattr(e, kind)] for kind in ("rows", "layers")]
    rows = [row for row in tables[0].rows if row[0] == "g=B"]
    mine = frame[frame.g == "B"]
    assert sum(row[1] for row in rows) == len(mine)
    assert sum(row[1] * row[3] for row in rows) == pytest.approx(mine.y.sum(), abs=1.0)
    assert [layer.name for layer in charts[0].layers] == ["calibrated", "g=A", "g=B", "g=C"]
    assert np.mean(charts[0].layers[2].x) - np.mean(charts[0].layers[2].y) == pytest.approx(0.13, abs=0.03)
