"""Classes by the names that users write."""

import numpy as np
import pytest

from auditkit import UsageError
from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.classes.named import class_named
from auditkit_mpr.reference.intersections import Attribute

SEX = Attribute(name="sex", labels=("f", "m"), items=np.array([0, 1]), reference=np.array([0, 1]))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("linear", Ball),
        ("affine", Ball),
        ("rbf", Ball),
        ("poly", Ball),
        ("groups:1", Groups),
        ("groups", Groups),
        ("tree:5", Fitted),
        ("mlp", Fitted),
        ("Ridge", Fitted),
        ("signs", Fitted),
    ],
)
def test_a_name_gives_its_class(name, kind):
    one = class_named(name, [SEX])
    assert isinstance(one, kind)
    assert one.name == name


@pytest.mark.parametrize(
    "name", ["linaer", "linear:2", "rbf:3", "signs:5", "Ridge:1", "groups:x", "tree:0", ""]
)
def test_a_name_that_says_nothing_runs_nothing(name):
    with pytest.raises(UsageError, match=r"no class of functions|is not a whole number"):
        class_named(name, [SEX])
