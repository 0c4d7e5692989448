"""What people of the field call a measure finds it: `--metrics`, and `auditkit explain`."""

import pytest

from auditkit.plugins.host import load_plugins
from auditkit.render.text.explanations import explain
from auditkit_rates.metrics.reported import METRICS, named

SAID = {
    "selection_rate": "selection rate, acceptance rate, approval rate, hiring rate, predicted positive rate",
    "tpr": "TPR, recall, sensitivity, hit rate, true positive rate, Recall",
    "fpr": "FPR, fall-out, false alarm rate, false positive rate, type I error, predictive equality",
    "fnr": "FNR, miss rate, false negative rate, type II error",
    "tnr": "TNR, specificity, selectivity, true negative rate",
    "precision": "PPV, precision, positive predictive value, predictive parity, outcome test",
    "npv": "NPV, negative predictive value",
    "fdr": "FDR, false discovery rate",
    "for": "FOR, false omission rate",
    "accuracy": "overall accuracy, overall accuracy equality, accuracy parity",
    "balanced_accuracy": "balanced accuracy, macro recall",
    "f1": "F1, F1 score, F-measure, f score",
    "base_rate": "base rate, prevalence",
    "demographic_parity": "demographic parity, statistical parity, statistical parity difference, SPD, disparate impact, "
    "independence, group fairness",
    "equal_opportunity": "equal opportunity, equality of opportunity, equal opportunity difference",
    "equalized_odds": "equalized odds, equalised odds, separation, disparate mistreatment, error rate balance",
    "equalized_odds_mean": "average odds, average odds difference",
    "impact_ratio": "impact ratio, adverse impact ratio, disparate impact, adverse impact, four-fifths rule, 80 % rule, "
    "80% rule, 80 percent rule, 4/5 rule, p%-rule, AIR",
    "conditional_parity": "conditional statistical parity, Mantel-Haenszel, Cochran-Mantel-Haenszel, CMH, CDD",
    "smd": "SMD, standardised mean difference, standardized mean difference, Cohen's d, Hedges' g",
    "auc": "AUC, ROC AUC, AUROC, ROC, c-statistic, concordance, area under the curve",
    "average_precision": "average precision, AUPRC, PR AUC",
    "brier": "Brier, Brier score, brier_score_loss",
    "log_loss": "log loss, log-loss, logloss, cross entropy, cross-entropy",
    "calibration_gap": "calibration, calibration in the large, mean calibration, bias, over-prediction",
    "calibration_error": "calibration, ECE, expected calibration error, calibration within groups, sufficiency",
    "mean_error": "mean error, mean signed error",
    "mae": "MAE, mean absolute error",
    "mse": "MSE, mean squared error",
    "rmse": "RMSE, root mean squared error, RMSD",
}


@pytest.fixture(scope="module")
def steps():
    return load_plugins().steps


@pytest.mark.parametrize("name", METRICS)
def test_every_measure_is_explained_by_what_the_field_calls_it(steps, name):
    for said in (SAID.get(name, name)).split(", "):
        assert f"{name}: {METRICS[name].title}" in explain(said, steps), said


def test_what_the_field_calls_a_measure_may_be_asked_for():
    asked = {said: name for name, every in SAID.items() for said in every.split(", ")}
    ambiguous = {"disparate impact": "demographic_parity", "calibration": "calibration_gap"}
    for said, name in (asked | ambiguous).items():
        assert named(said) == name, said
    assert named("no such thing") == "no such thing"


def test_a_metric_of_its_own_name_comes_before_those_that_are_called_so(steps):
    told = explain("calibration", steps)
    places = [told.index(f"{name}: ") for name in ("calibration", "calibration_gap", "calibration_error")]
    assert places == sorted(places)
