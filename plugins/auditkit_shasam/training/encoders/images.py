"""Encoders of images: ResNet-18, a small vision transformer, and a few convolutions for quick tries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.functional import relu

from auditkit import UsageError

if TYPE_CHECKING:
    from torch import Tensor


def resnet18(shape: tuple[int, ...], features: int) -> nn.Module:
    """Return ResNet-18 (He et al., 2016) from images (3, size, size) to features, randomly initialised."""
    _need_images("resnet18", shape)
    blocks: list[nn.Module] = []
    width = 64
    for wider, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        blocks += [_Residual(width, wider, stride), _Residual(wider, wider, 1)]
        width = wider
    stem = [nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    pool = nn.MaxPool2d(3, stride=2, padding=1)
    return nn.Sequential(
        *stem, pool, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, features)
    )


def conv(shape: tuple[int, ...], features: int) -> nn.Module:
    """Return four strided convolutions of 16 to 128 channels: enough for drawings, a second an epoch."""
    _need_images("conv", shape)
    layers: list[nn.Module] = []
    width = 3
    for wider in (16, 32, 64, 128):
        layers += [nn.Conv2d(width, wider, 3, stride=2, padding=1), nn.BatchNorm2d(wider), nn.ReLU()]
        width = wider
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(4 * width, features), nn.ReLU()
    )


def vit(shape: tuple[int, ...], features: int) -> nn.Module:
    """Return a small vision transformer (Dosovitskiy et al., 2021): 8 x 8 patches, width 128, depth 4."""
    _need_images("vit", shape)
    if shape[1] % PATCHES:
        message = f"the vit encoder needs a side that {PATCHES} divides, not {shape[1]} pixels"
        raise UsageError(message)
    return _Transformer(patch=shape[1] // PATCHES, features=features)


PATCHES = 8
"""Patches along each side of an image that the transformer reads."""


class _Residual(nn.Module):
    """Two 3 x 3 convolutions beside a short cut."""

    def __init__(self, width: int, wider: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, wider, 3, stride=stride, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(wider)
        self.second = nn.Conv2d(wider, wider, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(wider)
        self.short = (
            nn.Identity()
            if (width, stride) == (wider, 1)
            else nn.Sequential(nn.Conv2d(width, wider, 1, stride=stride, bias=False), nn.BatchNorm2d(wider))
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return maps [n, wider, h, w]."""
        inner = relu(self.first_norm(self.first(images)))
        return relu(self.second_norm(self.second(inner)) + self.short(images))


class _Transformer(nn.Module):
    """Patches of an image as tokens, encoded with learnt places; their mean is read."""

    def __init__(self, *, patch: int, features: int, width: int = 128, depth: int = 4) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, width, patch, stride=patch)
        self.places = nn.Parameter(torch.randn(1, PATCHES**2, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width, 4, dim_feedforward=2 * width, dropout=0.0, batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, features)

    def forward(self, images: Tensor) -> Tensor:
        """Return features [n, features] of images [n, 3, size, size]."""
        tokens = self.patches(images).flatten(2).transpose(1, 2) + self.places
        found: Tensor = self.out(self.norm(self.layers(tokens)).mean(dim=1))
        return found


def _need_images(name: str, shape: tuple[int, ...]) -> None:
    if len(shape) != 3 or shape[0] != 3 or shape[1] != shape[2]:
        message = f"the {name} encoder reads images of shape (3, size, size), not {shape}; tables need mlp"
        raise UsageError(message)
