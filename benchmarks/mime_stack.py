"""Time of a model-epoch of the MIME sweep: all 55 Adult perceptrons stacked, against one after another in plain torch.

Both train 101-50-50-50-2 on 2,600 rows in batches of 30 with AdamW, from the same weights and batches; their losses
over the first 20 steps are compared, too. One after another stands twice: with the batches indexed out of one tensor,
and with a DataLoader, as scripts usually have it. Besides wall time stands the CPU time of the busier core, which is
what the wall time would be if nobody else used the machine.
"""

import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from auditkit_mime.design.inputs import Examples
from auditkit_mime.design.trials import ModelRows
from auditkit_mime.train.epochs import Optimiser, Training, order_of
from auditkit_mime.train.stack_training import StackTrainee, lots
from auditkit_mime.train.stacked import Shape

SHAPE, MODELS, ROWS, BATCH, EPOCHS = Shape((101, 50, 50, 50, 2)), 55, 2600, 30, 4
TRAINING = Training(
    optimiser=Optimiser(0.0005, 0.08), batch_size=BATCH, epochs=EPOCHS, selection="validation"
)


def inputs(n=4000):
    r = np.random.default_rng(0)
    x = np.zeros((n, 101), dtype=np.float32)
    x[:, :5] = r.normal(size=(n, 5))
    x[np.arange(n)[:, None], 5 + 12 * np.arange(8) + r.integers(12, size=(n, 8))] = 1
    y = (x @ r.normal(size=101) + r.normal(size=n) > 0).astype(np.int64)
    rows = np.array([r.permutation(n)[:ROWS] for _ in range(MODELS)])
    return torch.from_numpy(x), torch.from_numpy(y), rows


def stacked(x, y, rows, threads):
    seeds = tuple(i // 11 for i in range(MODELS))
    few = rows[:, None, :2].repeat(2, axis=1)
    trainees = [
        StackTrainee(
            Examples(x.numpy(), y.numpy(), 2, 1),
            ModelRows(seeds, rows, few, few).part(lot),
            shape=SHAPE,
            training=TRAINING,
        )
        for lot in lots(MODELS, threads)
    ]
    busy = Counter()

    def advance(trainee, epoch):
        start = time.thread_time()
        trainee.epoch(epoch)
        busy[threading.get_ident()] += time.thread_time() - start

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(advance, trainees, [0] * len(trainees)))
        busy.clear()
        start = time.perf_counter()
        for epoch in range(1, EPOCHS + 1):
            list(pool.map(advance, trainees, [epoch] * len(trainees)))
        wall = time.perf_counter() - start
    return np.array([wall, max(busy.values())]) / EPOCHS / MODELS


def network(seed):
    torch.manual_seed(seed)
    layers = []
    for n_in, n_out in zip(SHAPE.widths, SHAPE.widths[1:], strict=False):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    model = nn.Sequential(*layers[:-1], nn.Sigmoid())
    return model, torch.optim.AdamW(model.parameters(), lr=0.0005, weight_decay=0.08)


def alone(x, y, rows, *, loader):
    model, adam = network(0)
    data = DataLoader(TensorDataset(x[rows[0]], y[rows[0]]), batch_size=BATCH, shuffle=True)

    def batches(epoch):
        if loader:
            yield from data
            return
        order = torch.from_numpy(rows[0][order_of(0, epoch, ROWS)])
        for start in range(0, ROWS, BATCH):
            chosen = order[start : start + BATCH]
            yield x[chosen], y[chosen]

    def run(epoch):
        for inputs, labels in batches(epoch):
            adam.zero_grad()
            functional.cross_entropy(model(inputs), labels).backward()
            adam.step()

    run(0)
    start, busy = time.perf_counter(), time.process_time()
    for epoch in range(1, EPOCHS + 1):
        run(epoch)
    return np.array([time.perf_counter() - start, time.process_time() - busy]) / EPOCHS


def largest_difference(x, y, rows):
    two = ModelRows((0, 1), rows[:2], rows[:2, None, :2], rows[:2, None, :2])
    trainee = StackTrainee(Examples(x.numpy(), y.numpy(), 2, 1), two, shape=SHAPE, training=TRAINING)
    worst = 0.0
    chosen = torch.from_numpy(rows[:2, : 20 * BATCH].reshape(2, 20, BATCH))
    with torch.no_grad():
        losses = [trainee.stack.step(x[chosen[:, t]], y[chosen[:, t]]) for t in range(20)]
    for m in range(2):
        model, adam = network(m)
        for t in range(20):
            adam.zero_grad()
            loss = functional.cross_entropy(model(x[chosen[m, t]]), y[chosen[m, t]])
            loss.backward()
            adam.step()
            worst = max(worst, abs(loss.item() - float(losses[t][m])))
    return worst


def main():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    x, y, rows = inputs()
    print(f"largest difference of a loss in 20 steps: {largest_difference(x, y, rows):.1e}")
    times = {
        f"stacked, 55 models, {threads} threads": stacked(x, y, rows, threads),
        "stacked, 55 models, 1 thread": stacked(x, y, rows, 1),
        "one after another, DataLoader": alone(x, y, rows, loader=True),
        "one after another, batches indexed": alone(x, y, rows, loader=False),
    }
    best = np.min([value for name, value in times.items() if name.startswith("stacked")], axis=0)
    for name, (wall, cpu) in times.items():
        told = f"wall {1e3 * wall:7.2f} ms ({wall / best[0]:4.1f})   core {1e3 * cpu:7.2f} ms ({cpu / best[1]:4.1f})"
        print(f"{name:36} per model-epoch: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
