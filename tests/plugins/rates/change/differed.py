"""Runs `diff` on frames, without a command line, a recipe or an engine."""

from dataclasses import replace

import numpy as np

from auditkit import Subject, Versus
from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.spec.stats import Stats
from auditkit.testing import make_context
from auditkit.values.outcome import Outcome
from auditkit_rates.change.steps import Diff

YES = Outcome(column="y", value=1, kind="favourable")


def subject_of(frame, *, groups=("g",), **roles):
    made = Subject(table=frame, **{"source": "new", "target": "y", "pred": "p", **roles})
    return group_by(made, {name: GroupSpec(column=name) for name in groups})


def differed(frame, *, old="q", rows=None, metrics=(), groups=("g",), named=(), **settings):
    """Return the findings and the ledger: `old` is a column of the frame, or a frame of its own at the places `rows`."""
    stats = {name: settings.pop(name) for name in ("min_n", "max_order", "confidence") if name in settings}
    roles = {"outcome": YES, **settings}
    new = subject_of(frame, groups=groups, **roles).with_groups(named)
    if isinstance(old, str):
        versus = Versus(name=old, subject=replace(new, pred=old), rows=np.arange(len(frame)))
    else:
        versus = Versus(
            name="old", subject=subject_of(old, groups=groups, **roles | {"source": "old"}), rows=rows
        )
    step, context = Diff(), make_context(step="diff", stats=Stats(**stats))
    made = replace(new, versus=versus)
    step.check(made, step.Params(metrics=tuple(metrics)))
    return step.run(made, step.Params(metrics=tuple(metrics)), context), context.ledger


def one(findings, metric, group, compare="change"):
    (found,) = [f for f in findings if (f.metric, f.group, f.compare) == (metric, group, compare)]
    return found


def paired(n=600, seed=0, *, flips=0.1):
    """Return rows with a truth, accepted predictions q, and new ones p of which a share is turned."""
    import pandas as pd

    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    q = np.where(rng.random(n) < 0.8, y, 1 - y)
    p = np.where(rng.random(n) < flips, 1 - q, q)
    g, w = rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]), rng.gamma(2.0, size=n)
    return pd.DataFrame({"g": g, "h": rng.choice(["u", "v"], n), "y": y, "q": q, "p": p, "w": w})
