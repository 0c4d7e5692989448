"""Every measure of people equals scikit-learn, Fairlearn, statsmodels or a few plain lines, with weights and without."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame, equalized_odds_difference
from plugins.rates.audited import audited, one
from sklearn import metrics as sk

from auditkit import read_table
from auditkit.data.bundled.sets import ADULT, GERMAN_CREDIT

pytestmark = pytest.mark.slow

TOLERANCE = 1e-12


def adult():
    frame = read_table(Path(ADULT.path))
    return frame.assign(g=frame.sex.astype(str), y=(frame.income == ">50K").astype(int)), frame.age


def german():
    frame = read_table(Path(GERMAN_CREDIT.path))
    return frame.assign(g=frame.sex.astype(str), y=(frame.credit == 1).astype(int)), -frame.duration


def lending():
    """Made-up loans: three regions, thin in one, and scores with many ties."""
    rng = np.random.default_rng(11)
    region = rng.choice(["north", "south", "isles"], 2000, p=[0.6, 0.34, 0.06])
    worth = rng.normal(size=2000) - 0.3 * (region == "south")
    y = (rng.random(2000) < 1 / (1 + np.exp(-worth))).astype(int)
    return pd.DataFrame({"g": region, "y": y}), pd.Series(np.round(worth, 1))


@pytest.fixture(scope="module", params=[adult, german, lending], ids=lambda made: made.__name__)
def people(request):
    """Return rows with a group, a class, a score in [0, 1] and in few steps, a decision and a weight."""
    frame, order = request.param()
    rng = np.random.default_rng(1)
    score = (order.rank(pct=True).to_numpy() * 0.8 + 0.2 * rng.random(len(frame))).round(2).clip(0, 1)
    return pd.DataFrame(
        {
            "g": frame.g,
            "y": frame.y,
            "s": score,
            "p": (score >= 0.6).astype(int),
            "w": rng.gamma(2, size=len(frame)),
        }
    )


def of_decisions(rows, heavy):
    """Return every metric of decisions by scikit-learn, or from its confusion matrix."""
    y, p, weights = rows.y, rows.p, {"sample_weight": heavy}
    (tn, fp), (fn, tp) = sk.confusion_matrix(y, p, labels=[0, 1], **weights)
    return {
        "selection_rate": (tp + fp) / (tp + fp + fn + tn), "base_rate": np.average(y, weights=heavy),
        "tpr": sk.recall_score(y, p, **weights), "tnr": sk.recall_score(y, p, pos_label=0, **weights),
        "fpr": fp / (fp + tn), "fnr": fn / (fn + tp), "precision": sk.precision_score(y, p, **weights),
        "npv": sk.precision_score(y, p, pos_label=0, **weights), "fdr": fp / (fp + tp), "for": fn / (fn + tn),
        "accuracy": sk.accuracy_score(y, p, **weights), "f1": sk.f1_score(y, p, **weights),
        "balanced_accuracy": sk.balanced_accuracy_score(y, p, **weights),
    }  # fmt: skip


def of_scores(rows, heavy):
    """Return every metric of scores by scikit-learn."""
    y, s, weights = rows.y, rows.s, {"sample_weight": heavy}
    return {
        "auc": sk.roc_auc_score(y, s, **weights), "average_precision": sk.average_precision_score(y, s, **weights),
        "brier": sk.brier_score_loss(y, s, **weights), "log_loss": sk.log_loss(y, s, labels=[0, 1], **weights),
        "calibration_gap": np.average(s - y, weights=heavy),
    }  # fmt: skip


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("measure", [of_decisions, of_scores])
def test_every_group_and_its_gap_equal_scikit_learn(people, measure, weight):
    heavy = people.w if weight else pd.Series(1.0, index=people.index)
    names = tuple(measure(people, heavy))
    roles = {"pred": "p"} if measure is of_decisions else {"pred": None, "score": "s"}
    found = audited(people, metrics=names, weight=weight, **roles)
    for group in people.g.unique():
        inside = people.g == group
        mine, rest = (measure(people[part], heavy[part]) for part in (inside, ~inside))
        for name in names:
            own = one(found, name, f"g={group}")
            assert own.value == pytest.approx(mine[name], abs=TOLERANCE), name
            assert own.interval.low <= own.value <= own.interval.high
            if name != "average_precision":
                gap = one(found, name, f"g={group}", "to_rest")
                assert gap.value == pytest.approx(mine[name] - rest[name], abs=TOLERANCE), name


@pytest.mark.parametrize("weight", [None, "w"])
def test_what_stands_between_groups_equals_fairlearn(people, weight):
    heavy = {"sample_weight": people.w} if weight else {}
    names = ("demographic_parity", "equal_opportunity", "equalized_odds", "accuracy", "impact_ratio")
    found = audited(people, metrics=names, weight=weight)
    rates = MetricFrame(
        metrics={"demographic_parity": lambda y, p, **w: np.average(p, weights=w.get("sample_weight")),
                 "equal_opportunity": sk.recall_score, "accuracy": sk.accuracy_score},
        y_true=people.y, y_pred=people.p, sensitive_features=people.g,
        sample_params=dict.fromkeys(("demographic_parity", "equal_opportunity", "accuracy"), heavy),
    )  # fmt: skip
    for name in ("demographic_parity", "equal_opportunity", "accuracy"):
        expected = rates.difference()[name], rates.ratio()[name]
        mine = tuple(one(found, name, "g", compare).value for compare in ("difference", "ratio"))
        assert mine == pytest.approx(expected, abs=TOLERANCE)
    odds = equalized_odds_difference(people.y, people.p, sensitive_features=people.g, **heavy)
    assert one(found, "equalized_odds", "g", "difference").value == pytest.approx(odds, abs=TOLERANCE)
    selected = rates.by_group.demographic_parity
    for group, rate in selected.items():
        ratio = one(found, "impact_ratio", f"g={group}")
        assert ratio.value == pytest.approx(rate / selected.max(), abs=TOLERANCE)


@pytest.mark.parametrize("weight", [None, "w"])
def test_errors_of_numbers_equal_scikit_learn(people, weight):
    frame = people.iloc[:1500].assign(y=people.s * 10 + people.y, p=people.s * 9)
    heavy = frame.w if weight else pd.Series(1.0, index=frame.index)
    names = ("mean_error", "mae", "mse", "rmse")
    found = audited(frame, weight=weight, metrics=names, said_task="regression")
    measures = {"mae": sk.mean_absolute_error, "rmse": sk.root_mean_squared_error}
    apart = MetricFrame(
        metrics=measures, y_true=frame.y, y_pred=frame.p, sensitive_features=frame.g,
        sample_params={name: {"sample_weight": heavy} for name in measures},
    )  # fmt: skip
    for name in measures:
        mine = tuple(one(found, name, "g", compare).value for compare in ("difference", "ratio"))
        assert mine == pytest.approx((apart.difference()[name], apart.ratio()[name]), rel=TOLERANCE)
    for group, rows in frame.groupby("g"):
        mine = heavy[rows.index]
        for name, expected in {
            "mae": sk.mean_absolute_error(rows.y, rows.p, sample_weight=mine),
            "mse": sk.mean_squared_error(rows.y, rows.p, sample_weight=mine),
            "rmse": sk.root_mean_squared_error(rows.y, rows.p, sample_weight=mine),
            "mean_error": np.average(rows.p - rows.y, weights=mine),
        }.items():
            assert one(found, name, f"g={group}").value == pytest.approx(expected, rel=TOLERANCE)
    means = [one(found, "mean_error", f"g={group}").value for group in frame.g.unique()]
    assert one(found, "mean_error", "g", "difference").value == pytest.approx(max(means) - min(means))


def test_pooled_strata_equal_statsmodels(people):
    stats = pytest.importorskip("statsmodels.stats.contingency_tables")
    groups = sorted(people.g.unique())
    frame = people.assign(dept=people.index % 4)
    found = audited(frame, metrics=("conditional_parity",), given=("dept",))
    inside = frame.g == groups[0]
    tables = [
        np.array([[((rows.p == p) & (inside[rows.index] == i)).sum() for p in (1, 0)] for i in (True, False)])
        for _, rows in frame.groupby("dept")
    ]
    pooled = next(
        f
        for f in found
        if (f.group, f.compare) == (f"g={groups[0]}", "to_rest") and "stratum" not in f.details
    )
    # Greenland and Robins's risk ratio is of the same weights as statsmodels' pooled one.
    assert pooled.details["ratio"] == pytest.approx(
        stats.StratifiedTable(tables).riskratio_pooled, abs=TOLERANCE
    )
