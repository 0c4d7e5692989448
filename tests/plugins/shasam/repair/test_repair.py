import subprocess
import sys
from dataclasses import replace

import fairlearn.metrics as fm
import numpy as np
import pytest
import sklearn.metrics as skm
from plugins.shasam.repair.conftest import QUICK, TABLE, repaired, value_of
from plugins.shasam.small import leaky_table, subject_of

from auditkit import REPAIR_METRICS, DataError, Stats, UsageError, attributes_of, divide
from auditkit.groups.cut import group_by
from auditkit.measures import HeldOut, Stage, findings_of, seed_error
from auditkit.spec.groups import GroupSpec
from auditkit_shasam.params import ShasamParams
from auditkit_shasam.reading.roles import cells_of
from auditkit_shasam.steps import Shasam
from auditkit_shasam.training import plain_settings, settings_of


def moved(findings, metric, group, compare):
    (found,) = [f for f in findings if (f.metric, f.group, f.compare) == (metric, group, compare)]
    return found


def test_both_stages_have_every_metric_with_an_interval(plain):
    findings = plain[0].findings
    for stage in (0, 1):
        for metric in ("accuracy", "balanced_accuracy"):
            found = value_of(findings, metric, stage)
            assert found.interval.low <= found.value <= found.interval.high
            assert (found.interval.method, found.interval.basis) == ("normal", ())
        for metric in (
            "equalized_odds_mean",
            "equalized_odds_max",
            "demographic_parity",
            "equal_opportunity",
        ):
            found = value_of(findings, metric, stage, "sex")
            assert found.interval.low <= found.value <= found.interval.high
            assert len(found.details["by_run"]) == 2
        for group in ("sex=Female", "sex=Male"):
            assert value_of(findings, "tpr", stage, group).value is not None


def test_findings_are_those_of_the_returned_predictions_on_held_out_rows(plain):
    subject, findings = plain[0].subject, plain[0].findings
    test = subject.table[subject.table["split"] == "test"]
    truth, predicted = (test[name] == "yes" for name in ("hired", subject.pred))
    groups = {"sensitive_features": test["sex"]}
    odds = fm.equalized_odds_difference(truth, predicted, **groups)
    mean = fm.equalized_odds_difference(truth, predicted, agg="mean", **groups)
    parity = fm.demographic_parity_difference(truth, predicted, **groups)
    chance = fm.equal_opportunity_difference(truth, predicted, **groups)
    assert value_of(findings, "equalized_odds_max", 1, "sex").value == pytest.approx(odds)
    assert value_of(findings, "equalized_odds_mean", 1, "sex").value == pytest.approx(mean)
    assert value_of(findings, "demographic_parity", 1, "sex").value == pytest.approx(parity)
    assert value_of(findings, "equal_opportunity", 1, "sex").value == pytest.approx(chance)
    assert value_of(findings, "accuracy", 1).value == pytest.approx((truth == predicted).mean())
    balanced = skm.balanced_accuracy_score(truth, predicted)
    assert value_of(findings, "balanced_accuracy", 1).value == pytest.approx(balanced)


def test_the_cost_is_the_paired_loss_of_accuracy(plain):
    findings = plain[0].findings
    cost = value_of(findings, "accuracy_cost", 1)
    before, after = (value_of(findings, "accuracy", stage).value for stage in (0, 1))
    assert cost.value == pytest.approx(before - after)
    assert cost.value == pytest.approx((cost.details["newly_wrong"] - cost.details["newly_right"]) / cost.n)
    assert cost.interval.low < cost.value < cost.interval.high


def test_a_change_is_after_less_before_with_an_interval_on_the_same_rows(plain):
    findings = plain[0].findings
    for metric, group in (
        ("tpr", "sex=Female"), ("fpr", "sex=Male"), ("selection_rate", "sex=Male"), ("accuracy", "sex=Female"),
        ("equalized_odds_mean", "sex"), ("equalized_odds_max", "sex"), ("demographic_parity", "sex"),
        ("equal_opportunity", "sex"),
    ):  # fmt: skip
        before, after = (value_of(findings, metric, stage, group).value for stage in (0, 1))
        compare = "difference" if group == "sex" else "absolute"
        found = moved(findings, f"{metric}_change", group, compare)
        assert found.value == pytest.approx(after - before)
        assert (found.details["before"], found.details["after"]) == pytest.approx((before, after))
        assert found.interval.low <= found.value <= found.interval.high
        assert found.interval.low < found.interval.high


def test_a_gap_to_the_rest_moves_by_the_group_less_the_rest(plain):
    findings = plain[0].findings
    for metric in ("tpr", "fpr", "accuracy", "selection_rate"):
        women, men = (moved(findings, f"{metric}_change", f"sex={x}", "absolute") for x in ("Female", "Male"))
        gap = moved(findings, f"{metric}_change", "sex=Female", "to_rest")
        assert gap.value == pytest.approx(women.value - men.value)
        assert gap.value == pytest.approx(gap.details["after"] - gap.details["before"])


def test_every_metric_that_is_reported_is_declared(plain):
    declared = {metric.name for metric in REPAIR_METRICS}
    assert {finding.metric for finding in plain[0].findings} == declared


def test_the_subject_gains_predictions_scores_and_a_model_that_agree(plain):
    subject = plain[0].subject
    assert len(subject.table) == len(TABLE)
    scores = subject.model.predict_proba(TABLE)
    np.testing.assert_array_equal(subject.model.predict(TABLE), subject.column(subject.pred))
    np.testing.assert_allclose(scores[:, 1], subject.column(subject.score))
    assert "sex" not in subject.model.feature_names_in_
    assert subject.classes == ("no", "yes")


def test_the_same_seed_gives_the_same_report(plain):
    again = repaired()[0]
    assert again.findings == plain[0].findings


def test_the_users_own_predictions_are_the_stage_before():
    table = TABLE.assign(old=np.where(TABLE["sex"] == "Male", "yes", "no"))
    found, ledger = repaired(table, replace(QUICK, runs=1), pred="old")
    assert value_of(found.findings, "equalized_odds_mean", 0, "sex").value == pytest.approx(1.0)
    assert value_of(found.findings, "equalized_odds_mean", 0, "sex").details["runs"] == 1
    assert not any("plain cross-entropy" in note for note in ledger.notes)
    assert any("With one run the spread" in note for note in ledger.notes)


@pytest.mark.parametrize(
    ("roles", "params", "error", "words"),
    [
        ({"target": None}, {}, DataError, "has no target"),
        ({"target": "skill", "outcome": None}, {}, UsageError, "is a number"),
        ({"sensitive": ()}, {}, UsageError, "name columns with --sensitive, such as skill"),
        ({"sensitive": ("skil",)}, {}, DataError, "did you mean 'skill'"),
        ({}, {"k": 500}, DataError, "no target class and sensitive group have 500 .* or less"),
        ({}, {"encoder": "resnet"}, UsageError, "no encoder 'resnet'"),
    ],
)
def test_what_cannot_be_served_is_refused_before_training(roles, params, error, words):
    with pytest.raises(error, match=words):
        Shasam().check(subject_of(TABLE, **roles), replace(QUICK, **params))


def test_who_named_groups_to_audit_is_told_how_groups_to_repair_are_named():
    subject = group_by(subject_of(TABLE, sensitive=()), {"sex": GroupSpec(column="sex")})
    with pytest.raises(UsageError, match="--sensitive, such as sex; --groups says what is audited"):
        Shasam().check(subject, QUICK)


def test_one_class_or_one_group_is_refused():
    one = TABLE.assign(hired="yes")
    with pytest.raises(DataError, match="has one class only"):
        Shasam().check(subject_of(one), QUICK)
    with pytest.raises(DataError, match="has one group only"):
        Shasam().check(subject_of(TABLE.assign(sex="Female")), QUICK)


def test_missing_groups_are_left_out_of_mining_and_of_gaps():
    table = TABLE.assign(sex=TABLE["sex"].where(TABLE.index % 5 > 0))
    found, _ = repaired(table, replace(QUICK, runs=1))
    known = table[(table["split"] == "test") & table["sex"].notna()]
    assert value_of(found.findings, "equalized_odds_mean", 1, "sex").n == len(known)


@pytest.mark.slow
def test_a_cell_too_small_to_mine_is_listed():
    table = TABLE.copy()
    table.loc[table.index[:3], "sex"] = "Other"
    _, ledger = repaired(table, replace(QUICK, runs=1))
    assert any("sex=Other" in entry.what and entry.rows_needed == 4 for entry in ledger.skipped)


def test_three_classes_and_two_attributes_are_measured_one_class_against_the_rest():
    table = leaky_table(1200)
    table.loc[table["skill"] > 2, "hired"] = "later"
    found, _ = repaired(table, replace(QUICK, runs=1, loss="ce"), outcome=None, sensitive=("sex", "age"))
    groups = {f.group for f in found.findings if f.metric == "equalized_odds_mean"}
    assert {"sex [later]", "age [yes]", "sex × age [no]"} <= groups
    assert found.subject.score is None


def test_without_a_split_rows_are_held_out_cell_by_cell():
    subject = subject_of(TABLE.drop(columns="split"), split=None)
    cells = cells_of(subject, attributes_of(subject, quantiles=4)[0])
    division = divide(
        subject, cells.target, sensitive=cells.sensitive, held_out=0.3, rng=np.random.default_rng(0)
    )
    parts = [division.train, division.validation, division.test]
    assert sorted(np.concatenate(parts).tolist()) == list(range(900))
    np.testing.assert_allclose(cells.take(division.test).counts, 0.3 * cells.counts, atol=1)
    found, _ = repaired(TABLE.drop(columns="split"), replace(QUICK, runs=1), split=None)
    split = found.subject.column(found.subject.split)
    assert (split == "test").sum() == value_of(found.findings, "accuracy", 1).n


@pytest.mark.slow
def test_the_run_with_the_lowest_validation_loss_is_returned():
    losses = {
        runs: repaired(params=replace(QUICK, runs=runs, loss="ce", epochs=1))[0].subject.model.card[
            "validation_loss"
        ]
        for runs in (1, 4)
    }
    assert losses[4] <= losses[1]


def test_before_is_plain_cross_entropy_with_all_else_the_same():
    settings = settings_of(ShasamParams())
    assert plain_settings(settings) == replace(settings, loss="ce", balance="rows")
    assert (settings.loss, settings.balance) == ("flcmi", "auto")
    natural = settings_of(ShasamParams(loss="supcon", batches="natural"))
    assert plain_settings(natural) == replace(natural, loss="ce", balance="rows", batches="cells")


def test_a_split_without_training_rows_is_refused():
    with pytest.raises(DataError, match="split column 'split' has no rows to learn from"):
        repaired(TABLE.assign(split="test"))


def test_the_spread_of_seeds_is_pooled_over_groups_and_widens_with_few_runs():
    values = np.random.default_rng(0).normal(0.5, 0.1, size=(2000, 2))
    assert seed_error(values, confidence=0.95) == pytest.approx(0.1, rel=0.05)
    assert seed_error(values[:1], confidence=0.95) == 0
    three = values[:3]
    plain = np.sqrt(three.var(axis=0, ddof=1).mean())
    assert seed_error(three, confidence=0.95) == pytest.approx(plain * 2.776445 / 1.959964, rel=1e-4)


def test_intervals_widen_when_training_runs_disagree():
    r = np.random.default_rng(0)
    truth, group = r.integers(2, size=400), r.integers(2, size=400)
    subject = subject_of(TABLE)
    attribute = replace(attributes_of(subject, quantiles=4)[0], codes=group.astype(np.int64))
    rows = HeldOut(truth=truth, classes=("no", "yes"), attributes=(attribute,), weights=None)
    right = np.where(r.random(400) < 0.8, truth, 1 - truth)
    other = np.where(r.random(400) < 0.6, truth, 1 - truth)

    def width(*runs):
        found = list(findings_of(Stage(number=1, predicted=np.stack(runs)), rows, Stats()))
        accuracy, odds = value_of(found, "accuracy", 1), value_of(found, "equalized_odds_max", 1, "sex")
        return accuracy.interval.high - accuracy.interval.low, odds.interval.high - odds.interval.low

    alone, agree, differ = width(right), width(right, right), width(right, other)
    assert alone == agree
    assert differ[0] > 1.5 * alone[0]
    assert differ[1] > alone[1]


def test_a_group_with_too_few_rows_is_insufficient_evidence():
    table = TABLE.copy()
    table.loc[table.index[:30], "sex"] = "Other"
    found, _ = repaired(table, replace(QUICK, runs=1))
    other = value_of(found.findings, "accuracy", 1, "sex=Other")
    assert other.value is None
    assert other.reason == "insufficient evidence: 10 rows, 30 needed"


def test_declaring_the_plugin_loads_neither_numpy_nor_torch():
    code = "import auditkit_shasam, sys; print([m for m in ('numpy', 'torch', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_torch_there_is_one_sentence_and_a_command():
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from auditkit import PluginError\n"
        "from auditkit_shasam.torch_needed import need_torch\n"
        "try: need_torch()\n"
        "except PluginError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == 'shasam needs torch: pip install "fair-auditkit[torch]"'
