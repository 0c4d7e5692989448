"""Features of many rows from a frozen encoder, a part at a time, and the threads it takes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from threadpoolctl import threadpool_limits

from auditkit_shasam.training.encoders.pixels import network_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

MOST_ROWS, MOST_VALUES = 4096, 2**20
"""Rows, and values of their inputs, that are encoded together."""


@torch.no_grad()
def encode(encoder: nn.Module, inputs: Tensor) -> Tensor:
    """Return the features [n, m] of rows [n, ...], on the encoder's device; images may be bytes.

    Leaves the encoder in evaluation mode.
    """
    encoder.eval()
    there = next((weights.device for weights in encoder.parameters()), inputs.device)
    return torch.cat([encoder(network_inputs(inputs[part].to(there))) for part in parts(inputs)])


def parts(inputs: Tensor) -> Iterator[slice]:
    """Yield slices of rows that are small enough to encode together; one empty slice for no rows."""
    size = max(1, min(MOST_ROWS, MOST_VALUES // max(inputs[:1].numel(), 1)))
    for start in range(0, max(len(inputs), 1), size):
        yield slice(start, start + size)


@contextmanager
def few_threads(inputs: Tensor, *, device: str = "cpu") -> Iterator[None]:
    """Run BLAS on one thread, and torch too unless the processor reads images.

    One thread gives the same digits on any number of cores, and small batches lose nothing by it: ten threads that
    wait for each other take ten times as long. Convolutions on the processor would lose a lot: there torch keeps its
    threads, and digits are the same for the same number of them.
    """
    before = torch.get_num_threads()
    if inputs.ndim == 2 or device != "cpu":
        torch.set_num_threads(1)
    try:
        with threadpool_limits(limits=1, user_api="blas"):
            yield
    finally:
        torch.set_num_threads(before)
