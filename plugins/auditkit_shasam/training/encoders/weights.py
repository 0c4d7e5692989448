"""Weights that an encoder starts from, out of a local file: safetensors, or what torch saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file

from auditkit import DataError, first_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn


def load_weights(encoder: nn.Module, file: str) -> None:
    """Give an encoder all its weights from a file that names them as its `state_dict` does.

    Runs no code that the file may hold. Raises DataError for a file that holds no weights, and for one that lacks some
    of the encoder's, has others, or has them in another shape.
    """
    found, own = _read(Path(file)), encoder.state_dict()
    if missing := [name for name in own if name not in found]:
        message = f"encoder weights {file} lack '{missing[0]}'{_and_more(missing)} of the encoder"
        raise DataError(message)
    if other := [name for name in found if name not in own]:
        message = (
            f"encoder weights {file} hold '{other[0]}'{_and_more(other)}, which the encoder does not have"
        )
        raise DataError(message)
    for name, tensor in own.items():
        if found[name].shape != tensor.shape:
            shapes = f"{list(found[name].shape)}, and the encoder's is {list(tensor.shape)}"
            message = f"encoder weights {file}: '{name}' is {shapes}"
            raise DataError(message)
    encoder.load_state_dict(dict(found))


def _read(path: Path) -> Mapping[str, Tensor]:
    """Return the tensors of a file by their names, on the CPU."""
    try:
        found: Any = (
            load_file(path)
            if path.suffix == ".safetensors"
            else torch.load(path, weights_only=True, map_location="cpu")
        )
    except Exception as error:  # a damaged file: torch's reader of pickles trips over it in any way
        message = f"encoder weights {path} cannot be read as weights: {first_line(error)}"
        raise DataError(message) from error
    if not isinstance(found, dict) or not all(isinstance(one, torch.Tensor) for one in found.values()):
        message = f"encoder weights {path} hold no tensors by name: save the encoder's state_dict()"
        raise DataError(message)
    return found


def _and_more(names: list[str]) -> str:
    return f" and {len(names) - 1} more" if len(names) > 1 else ""
