"""Logistic sweep on Adult, 11 shares x 30 trials of 2,600 rows, by Newton's method against scikit-learn's default."""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sklearn.linear_model import LogisticRegression

from auditkit import UsageError
from auditkit.bundled import BUNDLED
from auditkit.loading import load
from auditkit.spec import DataSpec
from auditkit.testing import make_context
from auditkit_mime.declare import MimeParams
from auditkit_mime.plan import plan
from auditkit_mime.sweep import sweep

PARAMS = {
    "group": "sex",
    "minority": "Female",
    "trials": 30,
    "train_size": 2600,
    "test_size": 300,
    "validation_size": 4,
}


def swept(subject, model):
    params = MimeParams(model=model, **PARAMS)
    with TemporaryDirectory() as folder:
        context = make_context(work=Path(folder))
        planned = plan(subject, params)
        start = time.process_time(), time.perf_counter()
        found = sweep(subject, planned, planned.pairs[0], params, context, name="pair")
        return found, time.process_time() - start[0], time.perf_counter() - start[1]


def main():
    if LogisticRegression().C != 1:
        raise UsageError("scikit-learn's default penalty has changed")
    subject = load(DataSpec(path="adult"), datasets=BUNDLED, folder=Path())
    ours, theirs = swept(subject, "logistic"), swept(subject, "LogisticRegression")
    apart = (ours[0].accuracy - theirs[0].accuracy).mean()
    print(f"330 models; accuracy differs by {apart:.1e} on average")
    for name, (_, cpu, wall) in (("Newton, all models", ours), ("scikit-learn, one after another", theirs)):
        print(f"{name:34} wall {wall:6.1f} s   CPU {cpu:6.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
