"""A training step of shasam and a sweep of mime on the processor and, where torch sees one, on an accelerator.

A step is one of the encoder (ResNet-18 on 16 drawings of 64 pixels, forward, backward and SGD) as stage 1 takes it; a
sweep is 55 stacked perceptrons of Adult's widths through one epoch of 2,600 rows, and what they say about their test
rows. Printed are medians of what was repeated, after one that does not count, and how many times as long the processor
takes.
"""

import time

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from auditkit import devices_here
from auditkit_mime.design.inputs import Examples
from auditkit_mime.design.trials import ModelRows
from auditkit_mime.train.epochs import Optimiser, Training
from auditkit_mime.train.stack_training import StackTrainee
from auditkit_mime.train.stacked import Shape
from auditkit_shasam.training import Network, build_encoder

MODELS, ROWS, REPEATS = 55, 2600, 3
IMAGE = (3, 64, 64)


def step_on(device):
    torch.manual_seed(0)
    body, features = build_encoder("resnet18", IMAGE, features=256)
    network = Network(body, features, projection=128, classes=2).to(device)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9, nesterov=True)
    images, target = torch.rand(16, *IMAGE), torch.arange(16) % 2

    def step():
        optimiser.zero_grad()
        scores = network.head(network.encoder(images.to(device)))
        cross_entropy(scores, target.to(device)).backward()
        optimiser.step()
        return float(scores.sum().detach())  # waits for the device

    return step


def sweep_on(device):
    r = np.random.default_rng(0)
    x = r.normal(size=(4000, 101)).astype(np.float32)
    examples = Examples(x, (x[:, 0] > 0).astype(np.int64), 2, 1)
    train = np.array([r.permutation(4000)[:ROWS] for _ in range(MODELS)])
    few = r.integers(4000, size=(MODELS, 2, 300))
    rows = ModelRows(tuple(i // 11 for i in range(MODELS)), train, few, few)
    training = Training(
        optimiser=Optimiser(0.0005, 0.08), batch_size=30, epochs=1, selection="validation", device=device
    )
    trainee = StackTrainee(examples, rows, shape=Shape((101, 50, 50, 50, 2)), training=training)

    def sweep():
        trainee.epoch(0)
        return trainee.right(rows.test).mean()

    return sweep


def median_seconds(work):
    work()
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


def main():
    others = [name for name in devices_here() if name != "cpu"]
    for what, on in (("training step, resnet18", step_on), ("sweep, 55 perceptrons", sweep_on)):
        cpu = median_seconds(on("cpu"))
        print(f"{what:26} cpu  {1e3 * cpu:8.1f} ms")
        for device in others:
            there = median_seconds(on(device))
            print(
                f"{what:26} {device:4} {1e3 * there:8.1f} ms, the cpu takes {cpu / there:.1f} times as long"
            )
    if not others:
        print("torch sees no accelerator here")


if __name__ == "__main__":
    main()
