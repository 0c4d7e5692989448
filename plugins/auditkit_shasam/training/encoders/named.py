"""Encoders: from inputs to features. Some are built in; anything else is `module:factory`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import torch
from torch import nn

from auditkit import UsageError, nearest
from auditkit_shasam.training.encoders.images import conv, resnet18, vit

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    Factory = Callable[[tuple[int, ...], int], nn.Module]


def mlp(shape: tuple[int, ...], features: int) -> nn.Module:
    """Return a perceptron with one hidden layer for tables and embeddings, from shape (d,) to features."""
    if len(shape) != 1:
        message = f"the mlp encoder reads tables and embeddings, rows of shape (d,), not {shape}"
        raise UsageError(message)
    return nn.Sequential(nn.Linear(shape[0], features), nn.ReLU(), nn.Linear(features, features), nn.ReLU())


BUILT_IN: dict[str, Factory] = {"mlp": mlp, "resnet18": resnet18, "vit": vit, "conv": conv}


def encoder_for(name: str, shape: tuple[int, ...]) -> str:
    """Return the encoder that a name means for rows of a shape: auto is resnet18 for images, else mlp."""
    if name != "auto":
        return name
    return "resnet18" if len(shape) == 3 else "mlp"


def build_encoder(name: str, shape: tuple[int, ...], *, features: int) -> tuple[nn.Module, int]:
    """Return an encoder for rows of a shape, and how many features it makes.

    A factory `module:function` is called with the shape and the number of features; it must return a torch
    module that maps [n, *shape] to [n, m]. Raises UsageError for anything else.
    """
    name = encoder_for(name, shape)
    factory = BUILT_IN.get(name) or _imported(name)
    encoder = factory(shape, features)
    if not isinstance(encoder, nn.Module):
        message = f"encoder '{name}' made a {type(encoder).__name__}, not a torch.nn.Module"
        raise UsageError(message)
    training = encoder.training
    try:
        with torch.no_grad():
            made = encoder.eval()(torch.zeros(2, *shape))
    except (RuntimeError, ValueError, TypeError) as error:
        message = f"encoder '{name}' cannot read rows of shape {shape}: {str(error).splitlines()[0]}"
        raise UsageError(message) from error
    encoder.train(training)
    if not isinstance(made, torch.Tensor) or made.ndim != 2 or len(made) != 2:
        shown = tuple(made.shape) if isinstance(made, torch.Tensor) else type(made).__name__
        message = f"encoder '{name}' must map 2 rows to a tensor of shape (2, features), it made {shown}"
        raise UsageError(message)
    return encoder, int(made.shape[1])


def _imported(name: str) -> Factory:
    """Return the function that `module:function` names."""
    module, _, attribute = name.partition(":")
    if not attribute:
        message = (
            f"there is no encoder '{name}'{nearest(name, (*BUILT_IN, 'auto'))}; or name one as module:factory"
        )
        raise UsageError(message)
    try:
        factory = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        message = f"encoder '{name}' cannot be imported: {error}"
        raise UsageError(message) from error
    if not callable(factory):
        message = f"encoder '{name}' is a {type(factory).__name__}, not a function that makes a module"
        raise UsageError(message)
    made: Factory = factory
    return made


class Network(nn.Module):
    """An encoder, the projection that set losses read, and a linear head that cross-entropy reads."""

    def __init__(self, encoder: nn.Module, features: int, *, projection: int, classes: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.projector = nn.Linear(features, projection)
        self.head = nn.Linear(features, classes)

    def project(self, inputs: Tensor) -> Tensor:
        """Return projected features [n, projection]."""
        projected: Tensor = self.projector(self.encoder(inputs))
        return projected


class Classifier(nn.Module):
    """A classifier with one hidden layer: features [n, m] to class scores [n, classes]."""

    def __init__(self, features: int, classes: int, *, hidden: int = 128) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, classes))

    def forward(self, features: Tensor) -> Tensor:
        """Return class scores before the softmax."""
        scores: Tensor = self.layers(features)
        return scores
