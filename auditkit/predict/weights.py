"""Weights that a network starts from, out of a local file: safetensors, or what torch saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError, first_line, out_of_memory, ran_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn


def load_weights(network: nn.Module, file: str, *, what: str) -> None:
    """Give a network, called `what` in messages, all its weights from a file that names them as its `state_dict` does.

    Runs no code that the file may hold. Raises DataError for a file that holds no weights, and for one that lacks some
    of its own, has others, or has them in another shape.
    """
    found, own = _read(Path(file), what), network.state_dict()
    if missing := [name for name in own if name not in found]:
        message = f"{what} weights {file} lack '{missing[0]}'{_and_more(missing)} of the {what}"
        raise DataError(message)
    if other := [name for name in found if name not in own]:
        message = f"{what} weights {file} hold '{other[0]}'{_and_more(other)}, which the {what} does not have"
        raise DataError(message)
    for name, tensor in own.items():
        if found[name].shape != tensor.shape:
            shapes = f"{list(found[name].shape)}, and the {what}'s is {list(tensor.shape)}"
            message = f"{what} weights {file}: '{name}' is {shapes}"
            raise DataError(message)
    network.load_state_dict(dict(found))


def _read(path: Path, what: str) -> Mapping[str, Tensor]:
    """Return the tensors of a file by their names, on the CPU."""
    import torch
    from safetensors.torch import load_file

    try:
        found: Any = (
            load_file(path)
            if path.suffix == ".safetensors"
            else torch.load(path, weights_only=True, map_location="cpu")
        )
    except Exception as error:  # a damaged file: torch's reader of pickles trips over it in any way
        if ran_out(error):
            raise out_of_memory(error, f"reading {what} weights {path}") from error
        message = f"{what} weights {path} cannot be read as weights: {first_line(error)}"
        raise DataError(message) from error
    if not isinstance(found, dict) or not all(isinstance(one, torch.Tensor) for one in found.values()):
        message = f"{what} weights {path} hold no tensors by name: save the {what}'s state_dict()"
        raise DataError(message)
    return found


def _and_more(names: list[str]) -> str:
    return f" and {len(names) - 1} more" if len(names) > 1 else ""
