"""Every measure of the plugin beside the peer that it has to equal: scikit-learn, Fairlearn, statsmodels, SciPy, or a
slow twin of plain lines.

A peer takes rows with a column `w` of weights, all 1 where there are none, and returns the value of every finding that
the step makes of its metric, by (group, comparison, stratum or cut).
"""

import numpy as np
from fairlearn import metrics as fair
from scipy.stats import fisher_exact
from sklearn import metrics as sk

CUTS = (0.4, 0.6)


def reference(rows):
    """Return the group that others are compared with."""
    return rows.g.max()


def by_group(value, best=None, *, truth="y", given="p"):
    """Return the peer of a function of truth, given and weights: by Fairlearn's MetricFrame, and of each group's rest."""

    def of(rows):
        return value(rows[truth], rows[given], sample_weight=rows.w)

    def expected(rows):
        frame = framed(rows, value, rows[truth], rows[given])
        own = frame.by_group
        found = {("", "absolute", None): frame.overall} | between(frame)
        for group, number in own.items():
            found |= {
                (f"g={group}", "absolute", None): number,
                (f"g={group}", "to_rest", None): number - of(rows[rows.g != group]),
                (f"g={group}", "to_reference", None): number - own[reference(rows)],
            }
            if best:
                found[f"g={group}", "to_best", None] = number - (
                    own.max() if best == "highest" else own.min()
                )
        return found

    return expected


def framed(rows, value, truth, given):
    return fair.MetricFrame(
        metrics=value, y_true=truth, y_pred=given, sensitive_features=rows.g, sample_params={"sample_weight": rows.w}
    )  # fmt: skip


def between(frame, key=None):
    return {("g", "difference", key): frame.difference(), ("g", "ratio", key): frame.ratio()}


def cells(y, p, sample_weight):
    """Return tn, fp, fn, tp by scikit-learn's confusion matrix."""
    return sk.confusion_matrix(y, p, labels=[0, 1], sample_weight=sample_weight).ravel()


def share(top, bottom):
    """Return a rate from the cells tn, fp, fn, tp that its numerator and denominator add."""

    def value(y, p, sample_weight):
        found = dict(zip(("tn", "fp", "fn", "tp"), cells(y, p, sample_weight), strict=True))
        return sum(found[name] for name in top.split()) / sum(found[name] for name in bottom.split())

    return value


def base_rate(y, p, sample_weight):
    return np.average(y, weights=sample_weight)


def npv(y, p, sample_weight):
    return sk.precision_score(y, p, pos_label=0, sample_weight=sample_weight)


def tnr(y, p, sample_weight):
    return sk.recall_score(y, p, pos_label=0, sample_weight=sample_weight)


def log_loss(y, s, sample_weight):
    return sk.log_loss(y, s, labels=[0, 1], sample_weight=sample_weight)


def macro_f1(y, p, sample_weight):
    return sk.f1_score(y, p, average="macro", sample_weight=sample_weight)


def mean_error(y, p, sample_weight):
    return np.average(p - y, weights=sample_weight)


def calibration_error(y, s, sample_weight):
    """Return the corrected calibration error, row by row: up to 10 bins of equal weight, equal scores together."""
    rows = sorted(zip(s, y, sample_weight, strict=True))
    fewest = min(kish([w for _, one, w in rows if one == label]) for label in (0, 1))
    bins = int(min(max(fewest // 5, 1), 10))
    total = sum(w for *_, w in rows)
    by_score, filled, before = {}, {}, 0.0
    for score, one, w in rows:
        by_score.setdefault(score, []).append((one, w))
    for score, tied in by_score.items():
        heavy = sum(w for _, w in tied)
        place = min(int((before + heavy / 2) / total * bins), bins - 1)
        filled.setdefault(place, []).extend((score - one, w) for one, w in tied)
        before += heavy
    squared = 0.0
    for inside in filled.values():
        heavy, n = sum(w for _, w in inside), kish([w for _, w in inside])
        gap = sum(w * off for off, w in inside) / heavy
        variance = sum((w * (off - gap)) ** 2 for off, w in inside) / heavy**2 * n / (n - 1)
        squared += heavy / total * (gap**2 - variance)
    return max(squared, 0.0) ** 0.5


def kish(weights):
    return np.sum(weights) ** 2 / np.sum(np.square(weights))


DECISIONS = {
    "selection_rate": (share("tp fp", "tp fp tn fn"), "highest"), "tpr": (sk.recall_score, "highest"),
    "fpr": (share("fp", "fp tn"), "lowest"), "precision": (sk.precision_score, "highest"),
    "accuracy": (sk.accuracy_score, "highest"), "balanced_accuracy": (sk.balanced_accuracy_score, "highest"),
    "f1": (sk.f1_score, "highest"), "base_rate": (base_rate, None), "fnr": (share("fn", "fn tp"), "lowest"),
    "tnr": (tnr, "highest"), "npv": (npv, "highest"), "fdr": (share("fp", "fp tp"), "lowest"),
    "for": (share("fn", "fn tn"), "lowest"),
}  # fmt: skip
SCORES = {
    "auc": (sk.roc_auc_score, "highest"), "average_precision": (sk.average_precision_score, None),
    "calibration_gap": (mean_error, None), "calibration_error": (calibration_error, None),
    "brier": (sk.brier_score_loss, None), "log_loss": (log_loss, None),
}  # fmt: skip
NUMBERS = {
    "mean_error": mean_error, "mae": sk.mean_absolute_error, "mse": sk.mean_squared_error,
    "rmse": sk.root_mean_squared_error,
}  # fmt: skip


def parity(difference, ratio, **more):
    """Return the peer of two of Fairlearn's functions of all groups."""

    def expected(rows):
        asked = {"sensitive_features": rows.g, "sample_weight": rows.w, **more}
        return {("g", "difference", None): difference(rows.y, rows.p, **asked),
                ("g", "ratio", None): ratio(rows.y, rows.p, **asked)}  # fmt: skip

    return expected


def impact(over, *, itself=True):
    """Return the peer of ratios of selection rates to one of them, by Fairlearn."""

    def expected(rows):
        rates = framed(rows, fair.selection_rate, rows.y, rows.p).by_group
        other = rates[reference(rows)] if over == "reference" else rates.max()
        return {
            (f"g={g}", "absolute", None): rate / other for g, rate in rates.items() if itself or rate != other
        }

    return expected


def smd(rows):
    """Return Hedges's g of the score, each side's variance over Kish's n - 1."""
    found = {}
    for group in rows.g.unique():
        for compare, others in (("to_rest", rows.g != group), ("to_reference", rows.g == reference(rows))):
            sides = [(part.s, part.w) for part in (rows[rows.g == group], rows[others])]
            (m1, v1, n1), (m2, v2, n2) = (
                (m := np.average(s, weights=w), np.average((s - m) ** 2, weights=w) * kish(w) / (kish(w) - 1), kish(w))
                for s, w in sides
            )  # fmt: skip
            pooled = ((n1 - 1) * v1 + (n2 - 1) * v2) / (n1 + n2 - 2)
            found[f"g={group}", compare, None] = (m1 - m2) / pooled**0.5 * (1 - 3 / (4 * (n1 + n2) - 9))
    return found


def conditional(rows):
    """Return the gap in each stratum, and Mantel and Haenszel's of all strata that have both sides."""
    found = {}
    for group in rows.g.unique():
        for compare, others in (("to_rest", rows.g != group), ("to_reference", rows.g == reference(rows))):
            top = bottom = 0.0
            for stratum, here in rows.groupby("dept"):
                one, two = here[here.g == group], here[others[here.index]]
                if not len(one) or not len(two):
                    continue
                n1, n0 = one.w.sum(), two.w.sum()
                gap = (one.p * one.w).sum() / n1 - (two.p * two.w).sum() / n0
                found[f"g={group}", compare, f"dept={stratum}"] = gap
                top, bottom = top + gap * n1 * n0 / (n1 + n0), bottom + n1 * n0 / (n1 + n0)
            found[f"g={group}", compare, None] = top / bottom
    return found


def scanned(value):
    """Return the peer of how far apart the groups are at each cut, by Fairlearn."""

    def expected(rows):
        return {
            key: number
            for cut in CUTS
            for key, number in between(framed(rows, value, rows.y, (rows.s >= cut).astype(int)), cut).items()
        }

    return expected


def changed(value, truth="y", given=("p", "q")):
    """Return the peer of what predictions give less what earlier ones gave."""

    def expected(rows):
        parts = {"": rows} | {f"g={g}": part for g, part in rows.groupby("g")}
        found = {}
        for group, part in parts.items():
            new, old = (value(part[truth], part[name], sample_weight=part.w) for name in given)
            found |= {(group, "absolute", None): new, (group, "change", None): new - old}
        return found

    return expected


def categories(rows, *, crossed):
    """Yield each attribute's categories, by its name in reports: bool [n] each."""
    for name in ("g", "h"):
        yield {f"{name}={label}": rows[name] == label for label in rows[name].unique()}
    if crossed:
        pairs = rows.groupby(["g", "h"]).groups
        yield {f"g={g} & h={h}": (rows.g == g) & (rows.h == h) for g, h in pairs}


def selection(measure, *, picked=lambda rows: rows.p == 1, crossed=False, least=0.0):
    """Return the peer of a table of selection: a measure of the picked and assessed of a category and of the highest."""

    def expected(rows):
        chosen, found = picked(rows), {}
        for attribute in categories(rows, crossed=crossed):
            counts = {
                name: (int(chosen[inside].sum()), int(inside.sum())) for name, inside in attribute.items()
            }
            large = {name: x / n for name, (x, n) in counts.items() if n >= least * len(rows)}
            top = max(large, key=large.get)
            for name in counts if measure is rate else large:
                if measure is not exact or name != top:
                    found[name, "absolute", None] = measure(counts[name], counts[top])
        return found

    return expected


def rate(own, top):
    return own[0] / own[1]


def ratio(own, top):
    return rate(own, top) / rate(top, own)


def exact(own, top):
    return fisher_exact([[x, n - x] for x, n in (own, top)]).pvalue


def above_median(rows):
    return rows.s > np.median(rows.s)


BY_STEP = {
    "rates": {
        **{name: by_group(value, best) for name, (value, best) in DECISIONS.items()},
        **{name: by_group(value, best, given="s") for name, (value, best) in SCORES.items()},
        **{name: by_group(value, truth="t", given="v") for name, value in NUMBERS.items()},
        "macro_f1": by_group(macro_f1, "highest", truth="k", given="c"),
        "demographic_parity": parity(fair.demographic_parity_difference, fair.demographic_parity_ratio),
        "equal_opportunity": parity(fair.equal_opportunity_difference, fair.equal_opportunity_ratio),
        "equalized_odds": parity(fair.equalized_odds_difference, fair.equalized_odds_ratio),
        "equalized_odds_mean": parity(fair.equalized_odds_difference, fair.equalized_odds_ratio, agg="mean"),
        "impact_ratio": impact("highest"), "impact_ratio_to_reference": impact("reference", itself=False),
        "smd": smd, "conditional_parity": conditional,
    },
    "threshold-scan": {name: scanned(value) for name, (value, _) in DECISIONS.items() if name != "base_rate"},
    "diff": {
        **{name: changed(DECISIONS[name][0]) for name in DECISIONS if name not in {"base_rate", "balanced_accuracy"}},
        **{name: changed(NUMBERS[name], "t", ("v", "u")) for name in ("mae", "mse", "mean_error")},
    },
    "ll144": {
        "selection_rate": selection(rate, crossed=True),
        "scoring_rate": selection(rate, picked=above_median, crossed=True),
        "impact_ratio": selection(ratio, crossed=True, least=0.02),
    },
    "four-fifths": {
        "selection_rate": selection(rate), "impact_ratio": selection(ratio), "selection_p": selection(exact),
    },
}  # fmt: skip
PEERS = {(step, metric): peer for step, peers in BY_STEP.items() for metric, peer in peers.items()}
