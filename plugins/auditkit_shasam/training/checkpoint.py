"""Training as it stood after its last whole epoch, in one file, so that an interrupt loses no more than an epoch."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np


@dataclass(frozen=True)
class Checkpoint:
    """A file that holds the state of one training."""

    path: Path

    def write(self, state: dict[str, Any]) -> None:
        """Replace the file by this state of tensors and plain values, whole or not at all.

        Tensors are written from the CPU, so that any device can go on with them.
        """
        new = self.path.with_suffix(".new")
        torch.save(_on_cpu(state), new)
        new.replace(self.path)

    def read(self) -> dict[str, Any] | None:
        """Return the state, or None if there is none that can be read. Runs no code that the file may hold."""
        try:
            state: dict[str, Any] = torch.load(self.path, weights_only=True, map_location="cpu")
        except (OSError, EOFError, RuntimeError, pickle.UnpicklingError):
            return None
        return state


def _on_cpu(state: Any) -> Any:
    """Return a state with every tensor on the CPU, in dictionaries and lists of any depth."""
    if isinstance(state, torch.Tensor):
        return state.cpu()
    if isinstance(state, dict):
        return {name: _on_cpu(value) for name, value in state.items()}
    return [_on_cpu(value) for value in state] if isinstance(state, list) else state


def generator_state(rng: np.random.Generator) -> str:
    """Return the state of a NumPy generator as text."""
    return json.dumps(rng.bit_generator.state)


def restore_generator(rng: np.random.Generator, state: str) -> None:
    """Set a NumPy generator to a state."""
    rng.bit_generator.state = json.loads(state)
