"""Augmented views: of table rows some features forgotten and noise added, of images a crop, a flip, other colours."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from auditkit_shasam.training.encoders.pixels import scaled

SMALLEST_CROP = 0.6
"""Share of an image's side that a crop keeps at least."""
JITTER = 0.4
"""Brightness, contrast and saturation are multiplied by 1 - JITTER to 1 + JITTER."""
GREY = 0.2
"""Chance that a view has no colour."""
LUMA = (0.299, 0.587, 0.114)


def view(inputs: Tensor, *, dropout: float, noise: float, generator: torch.Generator) -> Tensor:
    """Return one augmented view of each row, as encoders read it: of bytes [n, 3, s, s] an image's, else a table's."""
    if inputs.dtype == torch.uint8:
        return scaled(image_view(inputs.float() / 255, generator=generator))
    return table_view(inputs, dropout=dropout, noise=noise, generator=generator)


def table_view(inputs: Tensor, *, dropout: float, noise: float, generator: torch.Generator) -> Tensor:
    """Return inputs [n, ...] with each value set to 0 with chance `dropout` and normal noise of this scale added.

    0 is the mean of a scaled number and "none of the levels" of a category. Kept values are not enlarged.
    """
    kept = torch.rand(inputs.shape, generator=generator) >= dropout
    return inputs * kept + noise * torch.randn(inputs.shape, generator=generator)


def image_view(images: Tensor, *, generator: torch.Generator) -> Tensor:
    """Return each image [n, 3, s, s], values in [0, 1], cropped, perhaps mirrored, in other colours or grey."""
    return recoloured(cropped(images, generator=generator), generator=generator)


def cropped(images: Tensor, *, generator: torch.Generator) -> Tensor:
    """Return a random square of each image, mirrored half of the time, scaled to the image's size."""
    n = len(images)
    side = SMALLEST_CROP + (1 - SMALLEST_CROP) * torch.rand(n, generator=generator)
    mirrored = 1 - 2 * (torch.rand(n, generator=generator) < 0.5).float()
    centre = (2 * torch.rand(n, 2, generator=generator) - 1) * (1 - side)[:, None]
    square = torch.zeros(n, 2, 3)
    square[:, 0, 0], square[:, 1, 1], square[:, :, 2] = side * mirrored, side, centre
    grid = affine_grid(square, list(images.shape), align_corners=False)
    return grid_sample(images, grid, padding_mode="reflection", align_corners=False)


def recoloured(images: Tensor, *, generator: torch.Generator) -> Tensor:
    """Return images with brightness, contrast and saturation changed, some without any colour, in [0, 1]."""
    n = len(images)
    change = 1 + JITTER * (2 * torch.rand(3, n, 1, 1, 1, generator=generator) - 1)
    bright = images * change[0]
    mean = bright.mean(dim=(1, 2, 3), keepdim=True)
    contrasted = mean + (bright - mean) * change[1]
    grey = (contrasted * torch.tensor(LUMA)[None, :, None, None]).sum(dim=1, keepdim=True)
    colourless = (torch.rand(n, 1, 1, 1, generator=generator) < GREY).float()
    return (grey + (contrasted - grey) * change[2] * (1 - colourless)).clamp(0, 1)
