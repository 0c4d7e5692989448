"""Bootstrap draws per second: auditkit's draws of counts against Fairlearn's draws of rows, in the same run."""

import statistics
import time
from functools import partial

import fairlearn.metrics as fm
import numpy as np
import sklearn.metrics as skm

from auditkit.measures import bootstrap_metrics, count

ROWS, GROUPS, DRAWS, REPEATS, THEIR_DRAWS = 10_000, 100, 2000, 5, 2
THEIRS = {
    "selection_rate": fm.selection_rate,
    "tpr": partial(fm.true_positive_rate, pos_label=1),
    "fpr": partial(fm.false_positive_rate, pos_label=1),
    "tnr": partial(fm.true_negative_rate, pos_label=1),
    "fnr": partial(fm.false_negative_rate, pos_label=1),
    "precision": partial(skm.precision_score, zero_division=0),
    "accuracy": skm.accuracy_score,
    "error_rate": skm.zero_one_loss,
    "balanced_accuracy": skm.balanced_accuracy_score,
    "f1": skm.f1_score,
}


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    rng = np.random.default_rng(0)
    codes, truth, predicted = (
        rng.integers(0, GROUPS, ROWS),
        rng.integers(0, 2, ROWS),
        rng.integers(0, 2, ROWS),
    )

    def ours() -> None:
        table = count(codes, truth, predicted, n_groups=GROUPS, n_classes=2).table
        bootstrap_metrics(table, tuple(THEIRS), rng, DRAWS)

    def frame(**bootstrap) -> None:
        fm.MetricFrame(
            metrics=THEIRS,
            y_true=truth,
            y_pred=predicted,
            sensitive_features=codes,
            random_state=0,
            **bootstrap,
        )

    mine = statistics.median(seconds(ours) for _ in range(REPEATS))
    # The frame itself is made once whatever the draws, so it does not count against a draw.
    once = statistics.median(seconds(frame) for _ in range(3))
    drawn = statistics.median(
        seconds(partial(frame, n_boot=THEIR_DRAWS, ci_quantiles=[0.5])) for _ in range(3)
    )
    theirs = max(drawn - once, 0.0) / THEIR_DRAWS
    print(f"{ROWS:,} rows, {GROUPS} groups, {len(THEIRS)} metrics, medians")
    print(f"auditkit   {DRAWS:,} draws in {mine:.3f} s, {1e6 * mine / DRAWS:.0f} µs per draw")
    print(f"Fairlearn  {1e6 * theirs:,.0f} µs per draw ({fm.__name__.split('.')[0]} MetricFrame, n_boot)")
    print(f"ratio      {theirs / (mine / DRAWS):,.0f} times faster per draw")


if __name__ == "__main__":
    main()
