"""Logistic sweep on Adult, 11 shares x 30 trials of 2,600 rows: Newton's method, and scikit-learn per model."""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from threadpoolctl import threadpool_limits

from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.subjects import load
from auditkit.spec.data import DataSpec
from auditkit.testing import make_context
from auditkit_mime.params import MimeParams
from auditkit_mime.run.audit import settle
from auditkit_mime.train.sweep import sweep

PARAMS = {"group": "sex", "minority": "Female", "train_size": 2600, "test_size": 300}


def swept(subject, name, trials):
    """Accuracies [trials, betas, 2] with the wall and CPU seconds of the whole sweep."""
    params = MimeParams(model=name, trials=trials, **PARAMS)
    with TemporaryDirectory() as folder, threadpool_limits(limits=1, user_api="blas"):
        context = make_context(work=Path(folder))
        model, planned = settle(subject, params)
        wall, cpu = time.perf_counter(), time.process_time()
        found = sweep(subject, planned, planned.pairs[0], model, context)
        return found.accuracy, time.perf_counter() - wall, time.process_time() - cpu


def main():
    subject = load(DataSpec(path="adult"), datasets=BUNDLED, folder=Path())
    ours, theirs = swept(subject, "logistic", 30), swept(subject, "LogisticRegression", 2)
    print(f"largest difference of an accuracy: {abs(ours[0][:2] - theirs[0]).max():.4f}")
    for name, (accuracy, wall, cpu) in (
        ("Newton, all models", ours),
        ("scikit-learn, one after another", theirs),
    ):
        models = accuracy.shape[0] * accuracy.shape[1]
        per_model = f"{1e3 * cpu / models:6.1f} ms of CPU per model"
        print(f"{name:32} {models:4} models   wall {wall:5.1f} s   CPU {cpu:5.1f} s   {per_model}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
