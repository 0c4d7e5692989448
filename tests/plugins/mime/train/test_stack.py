"""Stacked training against one model after another, in plain torch, and what interrupts may not change."""

import numpy as np
import pytest
import torch
from plugins.mime import oracle
from torch import nn
from torch.nn import functional

from auditkit.testing import make_context
from auditkit_mime.design.inputs import Examples
from auditkit_mime.design.trials import ModelRows
from auditkit_mime.train.epochs import Optimiser, Training, order_of
from auditkit_mime.train.hard_mining import row_weights
from auditkit_mime.train.stack_training import train_stack
from auditkit_mime.train.stacked import Shape, Stack, initial_weights

SEEDS = (13, 13, 15, 15, 17)


def plain_network(shape, seed):
    torch.manual_seed(seed)
    layers = []
    for n_in, n_out in zip(shape.widths, shape.widths[1:], strict=False):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1], *([nn.Sigmoid()] if shape.sigmoid else []))


def plain_loss(scores, y, keep):
    if keep is None:
        return functional.cross_entropy(scores, y)
    share = scores.softmax(dim=1)[torch.arange(len(y)), y]
    kept = torch.cat([share[y == label].sort().values[:keep] for label in y.unique()])
    return -kept.log().mean()


@pytest.mark.parametrize("keep", [None, 6])
@pytest.mark.parametrize(
    "shape", [Shape((20, 50, 50, 50, 2)), Shape((20, 8, 4), sigmoid=False), Shape((20, 3))]
)
def test_a_stack_has_the_losses_of_its_models_trained_one_after_another(shape, keep):
    r = np.random.default_rng(0)
    x = torch.from_numpy(r.normal(size=(20, len(SEEDS), 30, 20)).astype(np.float32))
    y = torch.from_numpy(r.integers(shape.widths[-1], size=(20, len(SEEDS), 30)))
    stack = Stack(shape, len(SEEDS), optimiser=Optimiser(0.005, 0.08, keep))
    stack.start(SEEDS)
    with torch.no_grad():
        stacked = torch.stack([stack.step(x[t], y[t]) for t in range(20)]).numpy()
    for m, seed in enumerate(SEEDS):
        network = plain_network(shape, seed)
        adam = torch.optim.AdamW(network.parameters(), lr=0.005, weight_decay=0.08)
        for t in range(20):
            adam.zero_grad()
            loss = plain_loss(network(x[t, m]), y[t, m], keep)
            loss.backward()
            adam.step()
            assert stacked[t, m] == pytest.approx(loss.item(), abs=1e-4)
        with torch.no_grad():
            found = stack.scores(x[0])[m]
            assert torch.allclose(found, network(x[0, m]), atol=1e-4)
            f = network[:-2](x[0, m]) if shape.sigmoid else network[:-1](x[0, m])
            last = network[-2] if shape.sigmoid else network[-1]
            assert torch.allclose(stack.projected(x[0], 1)[m], f @ last.weight[1], atol=1e-4)


def test_the_same_seed_gives_the_same_initial_weights_and_another_seed_others():
    one, two = initial_weights(Shape((5, 4, 2)), 3), initial_weights(Shape((5, 4, 2)), 3)
    assert all(torch.equal(a, b) for p, q in zip(one, two, strict=True) for a, b in zip(p, q, strict=True))
    assert not torch.equal(one[0][0], initial_weights(Shape((5, 4, 2)), 4)[0][0])


@pytest.mark.parametrize("widths", [(1, 5, 2), (6, 1, 2), (1, 2)])
def test_initial_weights_are_numbers_of_their_own_that_no_gradient_follows(widths):
    """Of one input, a weight and its transpose are one tensor: training then broke at the first epoch."""
    assert not any(part.requires_grad for layer in initial_weights(Shape(widths), 3) for part in layer)


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_hard_mining_is_the_plain_loops(classes):
    r = np.random.default_rng(classes)
    scores = torch.from_numpy(r.normal(size=(4, 30, classes)))
    y = torch.from_numpy(r.integers(classes, size=(4, 30)))
    share = functional.log_softmax(scores, dim=2).gather(2, y[:, :, None])[:, :, 0]
    weights = row_weights(share, y, classes=classes, keep=6)
    assert weights.sum(dim=1).numpy() == pytest.approx([1] * 4)
    for m in range(4):
        expected = oracle.hard_mining_loss(scores[m].tolist(), y[m].tolist(), keep=6)
        assert float(-(weights[m] * share[m]).sum()) == pytest.approx(expected)
    assert set((weights > 0).sum(dim=1).tolist()) <= {min(6 * classes, 30)} | set(range(30))


def test_hard_mining_keeps_what_there_is_of_a_class_that_is_rare_in_a_batch():
    share = torch.log(torch.tensor([[0.9, 0.8, 0.1, 0.5]]))
    weights = row_weights(share, torch.tensor([[0, 0, 0, 1]]), classes=2, keep=2)
    assert weights.numpy() == pytest.approx(np.array([[0, 1, 1, 1]]) / 3)


def small_sweep(models=4):
    r = np.random.default_rng(1)
    inputs = r.normal(size=(300, 6)).astype(np.float32)
    classes = (inputs[:, 0] + 0.5 * r.normal(size=300) > 0).astype(np.int64)
    rows = ModelRows(
        (3, 3, 5, 5)[:models],
        np.stack([r.permutation(300)[:90] for _ in range(models)]),
        r.integers(300, size=(models, 2, 20)),
        r.integers(300, size=(models, 2, 20)),
    )
    return inputs, classes, rows


def trained(tmp_path, context=None, *, epochs=6, selection="validation", name="a"):
    inputs, classes, rows = small_sweep()
    training = Training(optimiser=Optimiser(0.01, 0.08), batch_size=30, epochs=epochs, selection=selection)
    return train_stack(
        Examples(inputs, classes, 2, 1),
        rows,
        context or make_context(),
        shape=Shape((6, 5, 2)),
        training=training,
        file=tmp_path / f"{name}.pt",
    )


def test_a_selection_of_no_known_name_raises(tmp_path):
    with pytest.raises(AssertionError, match="best-tset"):
        trained(tmp_path, selection="best-tset")


@pytest.mark.parametrize("selection", ["validation", "best-test"])
def test_each_model_is_taken_after_the_epoch_its_selection_rows_liked_best(tmp_path, selection):
    inputs, classes, rows = small_sweep()
    found = trained(tmp_path, selection=selection)
    x, y = torch.from_numpy(inputs), torch.from_numpy(classes)
    for m, seed in enumerate(rows.seeds):
        network = plain_network(Shape((6, 5, 2)), seed)
        adam = torch.optim.AdamW(network.parameters(), lr=0.01, weight_decay=0.08)
        best, per_group = (-1, None, 0), [-1, -1]
        for epoch in range(6):
            order = order_of(seed, epoch, 90)
            for start in range(0, 90, 30):
                chosen = torch.from_numpy(rows.train[m][order[start : start + 30]])
                adam.zero_grad()
                functional.cross_entropy(network(x[chosen]), y[chosen]).backward()
                adam.step()
            with torch.no_grad():
                right = (network(x).argmax(dim=1) == y).numpy()
            if right[rows.validation[m]].sum() > best[0]:
                best = (right[rows.validation[m]].sum(), right[rows.test[m]], epoch + 1)
            per_group = [max(old, int(right[rows.test[m][g]].sum())) for g, old in enumerate(per_group)]
        if selection == "validation":
            assert (found.right[m] == best[1]).all()
            assert found.epoch[m] == best[2]
        else:
            assert found.right[m].sum(axis=1).tolist() == per_group


class Interrupting:
    """A context whose progress is broken off after some items."""

    def __init__(self, after):
        self.after = after

    def track(self, items, description):
        for i, item in enumerate(items):
            if i == self.after:
                raise KeyboardInterrupt
            yield item


@pytest.mark.parametrize("selection", ["validation", "best-test"])
def test_an_interrupted_sweep_goes_on_where_it_stopped(tmp_path, selection):
    whole = trained(tmp_path, name="whole", selection=selection)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path, Interrupting(after=4), selection=selection)
    held = torch.load(tmp_path / "a.pt", weights_only=True)
    assert int(held["done"]) == 4
    again = trained(tmp_path, selection=selection)
    for name in ("right", "projected", "epoch"):
        assert (getattr(again, name) == getattr(whole, name)).all()


def test_results_do_not_depend_on_the_number_of_threads(tmp_path):
    before = torch.get_num_threads()
    found = []
    for threads in (1, 3):
        torch.set_num_threads(threads)
        found.append(trained(tmp_path, name=str(threads)))
        assert torch.get_num_threads() == threads
    torch.set_num_threads(before)
    assert (found[0].right == found[1].right).all()
    assert found[0].projected == pytest.approx(found[1].projected, abs=1e-5)


def test_unfinished_work_goes_on_however_the_models_are_divided(tmp_path):
    before = torch.get_num_threads()
    whole = trained(tmp_path, name="whole")
    torch.set_num_threads(1)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path, Interrupting(after=4))
    torch.set_num_threads(3)
    again = trained(tmp_path, Interrupting(after=2))  # the last two epochs and no more
    torch.set_num_threads(before)
    assert (again.right == whole.right).all()
    assert again.projected == pytest.approx(whole.projected, abs=1e-5)


def test_a_flat_tensor_by_model_has_each_models_numbers_and_goes_back():
    stack = Stack(Shape((4, 3, 2)), 5, optimiser=Optimiser(0.01, 0.0))
    stack.start((1, 2, 3, 1, 2))
    rows = stack.by_model(stack.flat)
    assert torch.equal(rows[0], rows[3])
    first, last = stack.layers
    parts = (first[0][1], first[1][1], last[0][1], last[1][1])
    assert torch.equal(rows[1], torch.cat([part.reshape(-1) for part in parts]))
    copy = torch.zeros_like(stack.flat)
    stack.fill(copy, rows)
    assert torch.equal(copy, stack.flat)
