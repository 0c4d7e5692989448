"""Descent against torch's own optimiser and schedule, to the last bit, and what a training must not load."""

import copy
import subprocess
import sys

import pytest
import torch
from torch import nn

from auditkit_shasam.training.descent import Descent

EPOCHS, STEPS = 5, 3
NOT_NEEDED = """
import sys
import numpy as np, torch
from auditkit_shasam.mining import drawn, make_cells
from auditkit_shasam.training import Rows, Settings, fit

small = Settings(mining=drawn(4), epochs=2, classifier_epochs=1, features=8, projection=4, ground_set=0.5)
code = np.arange(200)
rows = Rows(torch.randn(200, 6), make_cells(code % 2, code // 2 % 2))
fit(rows, rows, encoder="mlp", settings=small, seed=3)
print(*sorted({"torch._dynamo", "sympy", "numba", "sklearn", "scipy.stats", "auditkit.cli"} & set(sys.modules)))
"""


def network():
    torch.manual_seed(1)
    return nn.ModuleDict({"used": nn.Linear(6, 3), "now_and_then": nn.Linear(6, 3), "never": nn.Linear(6, 3)})


def losses(model):
    """Yield each step's loss and the number of its step; some weights have no gradient in some steps, or in any."""
    draw = torch.Generator().manual_seed(2)
    for step in range(EPOCHS * STEPS):
        x = torch.randn(20, 6, generator=draw)
        scores = model["used"](x)
        if step % 2:
            scores = scores + model["now_and_then"](x)
        yield step, (scores**2).sum() / 50


def by_torch(model, nesterov):
    optimiser = torch.optim.SGD(
        model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4, nesterov=nesterov
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=EPOCHS)
    for step, loss in losses(model):
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % STEPS == STEPS - 1:
            schedule.step()


@pytest.mark.parametrize("nesterov", [True, False])
def test_weights_are_those_of_torchs_optimiser_and_schedule_to_the_last_bit_interrupted_or_not(nesterov):
    expected, found = network(), network()
    by_torch(expected, nesterov)
    descent = Descent(found.parameters(), rate=0.1, epochs=EPOCHS, nesterov=nesterov)
    for step, loss in losses(found):
        descent.zero_grad()
        loss.backward()
        descent.step()
        if step % STEPS == STEPS - 1:
            descent.end_epoch()
            state = copy.deepcopy(descent.state_dict())
            descent = Descent(found.parameters(), rate=7, epochs=EPOCHS, nesterov=nesterov)
            descent.load_state_dict(state)
    for name, weight in expected.state_dict().items():
        assert torch.equal(found.state_dict()[name], weight), name
    assert not torch.equal(network()["now_and_then"].weight, found["now_and_then"].weight)


def test_a_training_loads_no_compiler_and_nothing_that_only_reports_need():
    done = subprocess.run([sys.executable, "-c", NOT_NEEDED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
