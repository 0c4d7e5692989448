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
