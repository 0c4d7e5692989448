"""A subject whose target depends on its columns."""

import numpy as np
import pandas as pd

from auditkit.values.outcome import Outcome
from auditkit.values.subject import Subject


def counted(value):
    return Outcome(column="y", value=value, kind="positive")


def made(n=200, classes=("no", "yes"), seed=0):
    """A subject whose target depends on x and the level of c."""
    rng = np.random.default_rng(seed)
    x, c = rng.normal(size=n), rng.integers(3, size=n)
    place = np.clip((x + c - 0.5 + rng.normal(size=n)).round(), 0, len(classes) - 1).astype(int)
    table = pd.DataFrame({"x": x, "c": np.array(["u", "v", "w"])[c], "sex": np.where(c > 1, "F", "M")})
    table["y"] = [classes[i] for i in place]
    return Subject(table=table, target="y", outcome=counted(classes[-1]), features=("x", "c"))
