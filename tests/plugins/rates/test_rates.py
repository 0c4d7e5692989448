"""The audit `rates`: point values equal Fairlearn's, thin groups say so, weights and classes count."""

from pathlib import Path

import fairlearn.metrics as fl
import numpy as np
import pandas as pd
import pytest
from plugins.rates.audited import audited
from sklearn import metrics as sk

from auditkit import Group, Subject
from auditkit.errors import UsageError
from auditkit.measures import METRICS as COUNT_METRICS
from auditkit.measures.compiled.pace import at_its_pace
from auditkit.plugins.host import load_plugins
from auditkit.recipe.document import Document
from auditkit.running.engine import run
from auditkit.running.plan import make_plan
from auditkit.spec.data import DataSpec
from auditkit.spec.groups import GroupSpec
from auditkit.spec.recipe import Recipe
from auditkit.spec.stats import Stats
from auditkit.spec.step import StepSpec
from auditkit.testing import make_context
from auditkit_rates.metrics.reported import GROUP_METRICS, UNREPORTED

HOST = load_plugins()


def table(n=3000, seed=0):
    rng = np.random.default_rng(seed)
    sex, race = rng.choice(["F", "M"], n), rng.choice(["a", "b", "c"], n, p=[0.6, 0.37, 0.03])
    y = (rng.random(n) < np.where(sex == "F", 0.3, 0.5)).astype(int)
    pred = np.where(rng.random(n) < np.where(race == "a", 0.85, 0.7), y, 1 - y)
    return pd.DataFrame(
        {"x": rng.normal(size=n), "sex": sex, "race": race, "y": y, "p": pred, "w": rng.uniform(0.5, 2, n)}
    )


def audit(
    frame, folder, *, with_=None, weight=None, stats=None, groups=("sex", "race"), pred="p", target="y"
):
    frame.to_csv(folder / "t.csv", index=False)
    recipe = Recipe(
        name="t",
        data=DataSpec(path="t.csv", target=target, pred=pred, weight=weight),
        groups={name: GroupSpec(column=name) for name in groups},
        stats=stats or Stats(),
        steps=(StepSpec(id="rates", use="rates", with_=with_ or {}),),
    )
    return run(make_plan(recipe, Document({}), HOST, folder=Path(folder)))


def value(report, metric, group, compare="absolute"):
    found = [f for f in report.findings if (f.metric, f.group, f.compare) == (metric, group, compare)]
    assert len(found) == 1
    return found[0].value


FAIRLEARN = {
    "selection_rate": fl.selection_rate,
    "tpr": fl.true_positive_rate,
    "fpr": fl.false_positive_rate,
    "precision": sk.precision_score,
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "f1": sk.f1_score,
}


@pytest.mark.parametrize("weight", [None, "w"])
def test_every_group_and_intersection_equals_fairlearn(tmp_path, weight):
    frame = table()
    report = audit(frame, tmp_path, weight=weight)
    weights = {name: {"sample_weight": frame["w"]} for name in FAIRLEARN} if weight else None
    for columns in (["sex"], ["race"], ["sex", "race"]):
        oracle = fl.MetricFrame(
            metrics=FAIRLEARN,
            y_true=frame["y"],
            y_pred=frame["p"],
            sensitive_features=frame[columns],
            sample_params=weights,
        )
        for key, row in oracle.by_group.iterrows():
            cell = key if isinstance(key, tuple) else (key,)
            group = " & ".join(f"{c}={v}" for c, v in zip(columns, cell, strict=True))
            for name in FAIRLEARN:
                mine = value(report, name, group)
                assert mine == pytest.approx(row[name], abs=1e-12) or (mine is None and "race=c" in group)


@pytest.mark.parametrize("weight", [None, "w"])
def test_differences_and_ratios_equal_fairlearn(tmp_path, weight):
    frame = table()
    frame = frame[frame.race != "c"].reset_index(drop=True)
    report = audit(frame, tmp_path, weight=weight)
    more = {"sample_weight": frame["w"]} if weight else {}
    for attribute in ("sex", "race"):
        given = {"y_true": frame["y"], "y_pred": frame["p"], "sensitive_features": frame[attribute], **more}
        expected = {
            ("demographic_parity", "difference"): fl.demographic_parity_difference(**given),
            ("demographic_parity", "ratio"): fl.demographic_parity_ratio(**given),
            ("equal_opportunity", "difference"): fl.equal_opportunity_difference(**given),
            ("equal_opportunity", "ratio"): fl.equal_opportunity_ratio(**given),
            ("equalized_odds", "difference"): fl.equalized_odds_difference(**given),
            ("equalized_odds", "ratio"): fl.equalized_odds_ratio(**given),
            ("equalized_odds_mean", "difference"): fl.equalized_odds_difference(**given, agg="mean"),
            ("equalized_odds_mean", "ratio"): fl.equalized_odds_ratio(**given, agg="mean"),
        }
        for (metric, compare), number in expected.items():
            assert value(report, metric, attribute, compare) == pytest.approx(number, abs=1e-12)


def test_every_number_has_n_and_an_interval_around_it_or_a_reason(tmp_path):
    report = audit(table(400), tmp_path)
    for f in report.findings:
        assert f.n >= 0
        assert (f.value is None) == bool(f.reason)
        if f.value is not None:
            assert f.interval.low <= f.value + 1e-12
            assert f.value <= f.interval.high + 1e-12


def test_thin_groups_are_insufficient_evidence_with_the_rows_they_need(tmp_path):
    frame = table(600)
    report = audit(frame, tmp_path, stats=Stats(min_n=40))
    thin = [
        f for f in report.findings if f.group == "race=c" and f.metric == "tpr" and f.compare == "absolute"
    ]
    rows, positives = (frame.race == "c").sum(), ((frame.race == "c") & (frame.y == 1)).sum()
    assert positives < 40
    assert thin[0].value is None
    assert thin[0].reason == f"insufficient evidence: {positives} actual positives, 40 needed"
    assert thin[0].rows_needed == int(np.ceil(40 * rows / positives))
    assert any(s.rows_needed == thin[0].rows_needed and "race=c" in s.what for s in report.skipped)


def test_a_gap_is_group_minus_the_rest_with_the_interval_of_their_counts(tmp_path):
    from auditkit.measures.exact.difference import difference_interval

    frame = table()
    report = audit(frame, tmp_path, groups=("sex",))
    f = next(f for f in report.findings if (f.metric, f.group, f.compare) == ("tpr", "sex=F", "to_rest"))
    hits = [((frame.sex == s) & (frame.y == 1) & (frame.p == 1)).sum() for s in "FM"]
    rows = [((frame.sex == s) & (frame.y == 1)).sum() for s in "FM"]
    assert f.value == pytest.approx(hits[0] / rows[0] - hits[1] / rows[1])
    low, high = difference_interval(hits[0], rows[0], hits[1], rows[1])
    assert (f.interval.low, f.interval.high) == (pytest.approx(float(low)), pytest.approx(float(high)))


def test_several_classes_give_each_class_against_the_rest(tmp_path):
    rng = np.random.default_rng(1)
    frame = table()
    frame["y"] = rng.choice(["x", "y", "z"], len(frame))
    frame["p"] = np.where(rng.random(len(frame)) < 0.7, frame["y"], "x")
    report = audit(frame, tmp_path, groups=("sex",))
    female = frame[frame.sex == "F"]
    assert value(report, "accuracy", "sex=F") == pytest.approx((female.y == female.p).mean())
    macro = sk.f1_score(female.y, female.p, average="macro")
    assert value(report, "macro_f1", "sex=F") == pytest.approx(macro)
    recall = sk.recall_score(female.y, female.p, average=None, labels=["x", "y", "z"])
    for label, expected in zip("xyz", recall, strict=True):
        assert value(report, "tpr", f"sex=F [{label}]") == pytest.approx(expected)


def test_a_numeric_target_gives_errors_per_group(tmp_path):
    rng = np.random.default_rng(2)
    frame = table()
    frame["y"] = rng.normal(size=len(frame))
    frame["p"] = frame["y"] + np.where(frame.sex == "F", 0.5, 0.0) + rng.normal(size=len(frame))
    report = audit(frame, tmp_path, groups=("sex",))
    error = frame.p - frame.y
    female = frame.sex == "F"
    assert value(report, "mae", "sex=F") == pytest.approx(error[female].abs().mean())
    assert value(report, "mse", "sex=F") == pytest.approx((error[female] ** 2).mean())
    gap = error[female].mean() - error[~female].mean()
    assert value(report, "mean_error", "sex=F", "to_rest") == pytest.approx(gap)


def test_only_the_metrics_that_were_asked_for_are_reported(tmp_path):
    report = audit(table(), tmp_path, with_={"metrics": ["tpr", "equalized_odds"]}, groups=("sex",))
    assert {f.metric for f in report.findings} == {"tpr", "equalized_odds"}


def test_wrong_metrics_and_missing_groups_are_refused(tmp_path):
    with pytest.raises(UsageError, match="did you mean 'tpr'"):
        audit(table(), tmp_path, with_={"metrics": ["tprr"]})
    with pytest.raises(UsageError, match="does not fit a binary target"):
        audit(table(), tmp_path, with_={"metrics": ["mae"]})
    with pytest.raises(UsageError, match="needs groups"):
        audit(table(), tmp_path, groups=())


def test_a_group_without_any_positive_has_reasons_instead_of_nan(tmp_path):
    frame = table(300)
    frame.loc[frame.sex == "F", "y"] = 0
    report = audit(frame, tmp_path, groups=("sex",))
    missing = [f for f in report.findings if f.metric == "tpr" and f.group == "sex=F"]
    assert all(f.value is None and "0 actual positives" in f.reason for f in missing)


def test_the_same_seed_gives_equal_findings_and_another_seed_equal_points(tmp_path):
    first, again = audit(table(), tmp_path), audit(table(), tmp_path)
    assert first.findings == again.findings
    other = audit(table(), tmp_path, stats=Stats(seed=1))
    assert [f.value for f in other.findings] == [f.value for f in first.findings]


def test_a_mined_group_is_measured_on_the_rows_that_the_search_did_not_see():
    n = 400
    frame = table(n)
    frame["p"] = frame["y"]
    seen = np.arange(n) < n // 2
    chosen = np.arange(n) % 4 == 0
    frame.loc[seen & chosen, "p"] = 1 - frame["y"]  # bad by chance where the search looked, good elsewhere
    group = Group("mined", "every fourth row", "index % 4 == 0", chosen, seen=seen)
    made = Subject(table=frame, target="y", pred="p").with_groups([group])
    step = HOST.step("rates")()
    found = step.run(made, step.Params(metrics=("accuracy",)), make_context())
    (own,) = [f for f in found if f.group == "mined" and f.compare == "absolute"]
    assert (own.value, own.n) == (1.0, n // 8)


def test_a_group_that_the_user_names_everyone_else_is_a_group_like_any_other():
    frame = table(400)
    old = Group("everyone else over 60", "age >= 60", "age >= 60", (frame.sex == "F").to_numpy())
    made = Subject(table=frame, target="y", pred="p").with_groups([old])
    step = HOST.step("rates")()
    found = step.run(made, step.Params(metrics=("accuracy",)), make_context())
    right = frame.y == frame.p
    by_compare = {f.compare: f for f in found if f.group == old.name}
    assert by_compare["absolute"].value == pytest.approx(right[old.mask].mean())
    assert by_compare["to_rest"].value == pytest.approx(right[old.mask].mean() - right[~old.mask].mean())
    assert {f.group for f in found} == {"", old.name}


def test_every_count_metric_is_reported_or_its_complement_is():
    assert {m.name for m in GROUP_METRICS}.isdisjoint(UNREPORTED)
    assert {m.name for m in GROUP_METRICS} | set(UNREPORTED) == set(COUNT_METRICS)


@pytest.mark.parametrize(("classes", "in_python"), [(2, True), (9, False)])
def test_many_classes_ask_for_machine_code_at_once(monkeypatch, classes, in_python):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.integers(0, classes, 2000) for name in ("y", "p")})
    monkeypatch.setattr(at_its_pace, "left", 500)
    audited(frame.assign(g=rng.integers(0, 3, 2000)))
    assert (0 < at_its_pace.left < 500) == in_python
