"""The declarations keep their contract, and a start loads nothing heavy."""

import subprocess
import sys

import pytest

from auditkit.testing import check_step
from auditkit_mpr.steps import Mopr, Mpr


@pytest.mark.parametrize("step", [Mpr, Mopr])
def test_the_declarations_keep_their_contract(step):
    check_step(step)


def test_declaring_the_plugin_loads_nothing_heavy():
    code = "import auditkit_mpr, sys; print({'numpy', 'pandas', 'scipy', 'sklearn', 'cvxpy', 'faiss'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("name", "unit", "direction"),
    [
        ("mpr", "MPR", "higher_is_worse"),
        ("mpr_shown", "MPR", "higher_is_worse"),
        ("mpr_ceiling", "MPR", "neither"),
        ("similarity", "similarity", "lower_is_worse"),
        ("similarity_bound", "similarity", "neither"),
        ("mpr_lower_bound", "MPR", "neither"),
        ("reachable", "MPR", "neither"),
    ],
)
def test_every_metric_says_its_unit_and_which_side_is_worse(name, unit, direction):
    metric = next(metric for metric in Mopr.metrics if metric.name == name)
    assert (metric.unit, metric.direction) == (unit, direction)


def test_the_audit_and_the_repair_declare_one_and_the_same_mpr():
    shared = [metric.name for metric in Mpr.metrics if metric in Mopr.metrics]
    judged = ["precision_at_k", "recall_at_k", "ndcg_at_k"]
    assert shared == ["mpr", "mpr_shown", "mpr_ceiling", "similarity", *judged]
    assert not {metric.name for metric in Mopr.metrics if metric not in Mpr.metrics} & {
        m.name for m in Mpr.metrics
    }
