"""The step keeps the contract, and finds what was planted."""

import numpy as np
import pandas as pd

from auditkit import Grouping, Subject
from auditkit.testing import check_step, make_context
from auditkit_$name.declare import $class_name, Params


def subject(n: int = 400) -> Subject:
    rng = np.random.default_rng(0)
    group = np.arange(n) % 2
    right = rng.random(n) < np.where(group == 1, 0.6, 0.95)
    label = rng.integers(0, 2, n)
    table = pd.DataFrame({"label": label, "said": np.where(right, label, 1 - label), "group": group})
    codes = Grouping("group", ("a", "b"), group, ("group == 0", "group == 1"))
    return Subject(table=table, target="label", pred="said", groupings=(codes,))


def test_the_step_keeps_the_contract():
    check_step($class_name)


def test_the_group_with_more_errors_has_more_hard_rows():
    found = {f.group: f for f in $class_name().run(subject(), Params(), make_context())}
    assert found["group=b"].interval.low > found["group=a"].interval.high


def test_a_small_group_says_how_many_rows_it_needs():
    found = $class_name().run(subject(n=40), Params(), make_context())
    assert all(f.value is None and f.rows_needed == 30 for f in found)
