"""What machine code follows from is told by byte code and constants, of a kernel and of all that it calls."""

import math

import numpy as np
import pytest

from auditkit.measures.compiled.kernels import compiled, essence

SOURCE = """
def inner(x):
    return x * {factor} + LIMIT

def outer(x, found):
    for i in range(len(x)):
        found[i] = math.sqrt(inner(x[i]))
"""


def outer(factor="2.0", limit=1.0):
    scope = {"LIMIT": limit, "math": math, "__name__": "a_module"}
    exec(SOURCE.format(factor=factor), scope)  # noqa: S102  # the text is above
    compiled(scope["inner"])
    return compiled(scope["outer"])


def test_the_same_source_has_the_same_essence():
    assert essence(outer()) == essence(outer())


@pytest.mark.parametrize(
    "other", [{"factor": "3.0"}, {"factor": "2"}, {"limit": 1.0 + 1e-15}, {"limit": 1}], ids=str
)
def test_a_kernel_that_it_calls_and_a_number_that_this_one_reads_belong_to_it(other):
    assert essence(outer(**other)) != essence(outer())


@pytest.mark.parametrize("limit", [np.ones(2), [1.0], object], ids=str)
def test_what_may_change_under_it_has_no_essence(limit):
    with pytest.raises(ValueError, match="no constant"):
        essence(outer(limit=limit))
