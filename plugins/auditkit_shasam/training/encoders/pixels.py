"""Images as encoders read them: from bytes to numbers around 0."""

from __future__ import annotations

import torch
from torch import Tensor

CENTRE, SCALE = 0.5, 0.25
"""About the mean and the standard deviation of natural images' values in [0, 1]."""


def network_inputs(inputs: Tensor) -> Tensor:
    """Return rows as the encoder reads them: bytes of images [n, 3, s, s] scaled, everything else as it is."""
    return scaled(inputs.float() / 255) if inputs.dtype == torch.uint8 else inputs


def scaled(images: Tensor) -> Tensor:
    """Return images with values in [0, 1] centred and scaled."""
    return (images - CENTRE) / SCALE
