"""AdamW against torch's own, to the last bit, and without what torch's own loads."""

import subprocess
import sys

import pytest
import torch
from torch import nn

from auditkit_mime.train.adam import AdamW
from auditkit_mime.train.epochs import Optimiser

STEPS = 7
STACK = """
import sys, torch
from auditkit_mime.train.epochs import Optimiser
from auditkit_mime.train.stacked import Shape, Stack

stack = Stack(Shape((5, 4, 2)), 2, optimiser=Optimiser(0.01, 0.1))
stack.start((1, 2))
stack.step(torch.ones(2, 3, 5), torch.zeros(2, 3, dtype=torch.int64))
print(*sorted({"torch._dynamo", "sympy", "numba", "scipy.stats", "auditkit.cli"} & set(sys.modules)))
"""


def stepped(model, optimiser):
    """Take steps of which the second half moves one layer only; a third layer never has a gradient."""
    draw = torch.Generator().manual_seed(2)
    for step in range(STEPS):
        x = torch.randn(20, 6, generator=draw)
        scores = model[0](x) if step > STEPS / 2 else model[0](x) + model[1](x)
        optimiser.zero_grad()
        (scores**2).mean().backward()
        optimiser.step()
    return model.state_dict()


def network():
    torch.manual_seed(1)
    return nn.ModuleList([nn.Linear(6, 3) for _ in range(3)])


@pytest.mark.parametrize("fused", [True, False])
def test_weights_are_those_of_torchs_adamw_to_the_last_bit(fused):
    expected, found = network(), network()
    theirs = torch.optim.AdamW(expected.parameters(), lr=0.01, weight_decay=0.08, fused=fused or None)
    ours = AdamW(found.parameters(), Optimiser(0.01, 0.08, None), fused=fused)
    weights = stepped(expected, theirs)
    for name, weight in stepped(found, ours).items():
        assert torch.equal(weights[name], weight), name
    for one, other in zip(expected.parameters(), found.parameters(), strict=True):
        memory = theirs.state[one]
        assert memory.keys() == ours.state[other].keys()
        assert all(torch.equal(memory[name], ours.state[other][name]) for name in memory)


def test_a_stack_learns_without_torchs_compiler():
    done = subprocess.run([sys.executable, "-c", STACK], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
