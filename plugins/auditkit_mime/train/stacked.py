"""Many perceptrons of one shape as one: batched matrix products over the models, one fused optimiser.

A model alone spends its time in the calls, not in the sums: 30 rows through 50 units are nothing. Stacked, the same
calls serve all models. Gradients are written out, so that a step is a dozen calls. Parameters of all models lie in one
flat tensor, layer after layer, and AdamW, which treats every number alike, is one fused call on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from auditkit_mime.train.adam import AdamW
from auditkit_mime.train.hard_mining import row_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from auditkit_mime.train.epochs import Optimiser


@dataclass(frozen=True)
class Shape:
    """A perceptron: its widths from input to classes, and whether a sigmoid precedes the loss, as in the paper."""

    widths: tuple[int, ...]
    sigmoid: bool = True


class Stack:
    """m perceptrons that are trained together, each on its own rows."""

    def __init__(self, shape: Shape, models: int, *, optimiser: Optimiser, device: str = "cpu") -> None:
        self.shape, self.models, self.optimiser = shape, models, optimiser
        sizes = [(n_in, n_out) for n_in, n_out in pairwise(shape.widths)]
        total = models * sum((n_in + 1) * n_out for n_in, n_out in sizes)
        self.flat, self.grad = torch.zeros(total, device=device), torch.zeros(total, device=device)
        self.sizes = sizes
        self.layers, self.grads = self._views(self.flat), self._views(self.grad)
        self.flat.grad = self.grad
        self.adam = AdamW([self.flat], optimiser, fused=True)

    def _views(self, flat: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return each layer's weights [m, in, out] and biases [m, 1, out] as views of a flat tensor.

        The last layer's weights lie as [m, out, in]: products with so few columns are several times slower.
        """
        views, at = [], 0
        for i, (n_in, n_out) in enumerate(self.sizes):
            last = i == len(self.sizes) - 1
            ends = (n_out, n_in) if last else (n_in, n_out)
            weight = flat[at : at + self.models * n_in * n_out].view(self.models, *ends)
            at += weight.numel()
            bias = flat[at : at + self.models * n_out].view(self.models, 1, n_out)
            at += bias.numel()
            views.append((weight, bias))
        return views

    def start(self, seeds: Sequence[int]) -> None:
        """Give each model the initial weights of its seed: torch's own for a linear layer, drawn layer by layer."""
        drawn: dict[int, list[tuple[Tensor, Tensor]]] = {}
        for i, seed in enumerate(seeds):
            if seed not in drawn:
                drawn[seed] = initial_weights(self.shape, seed)
            for (weight, bias), (first, second) in zip(self.layers, drawn[seed], strict=True):
                weight[i], bias[i, 0] = first, second

    def by_model(self, flat: Tensor) -> Tensor:
        """Return a copy [m, p] on the CPU of a flat tensor that is laid out as the parameters, a row per model."""
        parts = [part.reshape(self.models, -1) for layer in self._views(flat) for part in layer]
        return torch.cat(parts, dim=1).cpu()

    def fill(self, flat: Tensor, rows: Tensor) -> None:
        """Give a flat tensor the numbers that `by_model` returned."""
        at = 0
        for part in (part for layer in self._views(flat) for part in layer):
            size = part[0].numel()
            part.copy_(rows[:, at : at + size].reshape(part.shape))
            at += size

    def hidden(self, x: Tensor) -> list[Tensor]:
        """Return the input [m, b, d] and what each hidden layer makes of it."""
        values = [x]
        for weight, bias in self.layers[:-1]:
            values.append(torch.baddbmm(bias, values[-1], weight).relu_())
        return values

    def scores(self, x: Tensor) -> Tensor:
        """Return the class scores before the softmax, [m, b, classes], of inputs [m, b, d]."""
        return self._last(self.hidden(x)[-1])

    def _last(self, hidden: Tensor) -> Tensor:
        weight, bias = self.layers[-1]
        scores = torch.baddbmm(bias, hidden, weight.transpose(1, 2))
        return scores.sigmoid_() if self.shape.sigmoid else scores

    def projected(self, x: Tensor, row: int) -> Tensor:
        """Return w'f, [m, b]: the last hidden layer on the weights of one class (eq. 45)."""
        weight = self.layers[-1][0][:, row : row + 1]
        return torch.bmm(self.hidden(x)[-1], weight.transpose(1, 2))[:, :, 0]

    def step(self, x: Tensor, y: Tensor) -> Tensor:
        """Take one step on inputs [m, b, d] of classes [m, b]; return each model's loss before it, [m]."""
        hidden = self.hidden(x)
        scores = self._last(hidden[-1])
        log_share = functional.log_softmax(scores, dim=2)
        given = log_share.gather(2, y[:, :, None])[:, :, 0]
        weights = row_weights(given, y, classes=scores.shape[2], keep=self.optimiser.hard_kept)
        back = log_share.exp_()
        back.scatter_add_(2, y[:, :, None], torch.full_like(y, -1, dtype=back.dtype)[:, :, None])
        back *= weights[:, :, None]
        if self.shape.sigmoid:
            back *= scores - scores * scores
        self._backward(hidden, back)
        self.adam.step()
        return -(given * weights).sum(dim=1)

    def _backward(self, hidden: list[Tensor], back: Tensor) -> None:
        """Fill the gradients from that of the last layer's output, [m, b, classes]."""
        grad_weight, grad_bias = self.grads[-1]
        torch.bmm(back.transpose(1, 2), hidden[-1], out=grad_weight)
        torch.sum(back, 1, keepdim=True, out=grad_bias)
        back = torch.bmm(back, self.layers[-1][0])
        for i in range(len(self.layers) - 2, -1, -1):
            back = torch.ops.aten.threshold_backward(back, hidden[i + 1], 0)
            grad_weight, grad_bias = self.grads[i]
            torch.bmm(hidden[i].transpose(1, 2), back, out=grad_weight)
            torch.sum(back, 1, keepdim=True, out=grad_bias)
            if i:
                back = torch.bmm(back, self.layers[i][0].transpose(1, 2))


def initial_weights(shape: Shape, seed: int) -> list[tuple[Tensor, Tensor]]:
    """Return weights and biases as `torch.nn.Linear` draws them after `torch.manual_seed(seed)`.

    Weights are [in, out], those of the last layer [out, in].
    """
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        layers = [torch.nn.Linear(n_in, n_out) for n_in, n_out in pairwise(shape.widths)]
        inner = [(layer.weight.T.clone().contiguous(), layer.bias.clone()) for layer in layers[:-1]]
        return [*inner, (layers[-1].weight.clone(), layers[-1].bias.clone())]
