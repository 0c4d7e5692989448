"""Factories named by tests as module:factory."""

import torch
from torch import nn


def narrow(shape, features):
    return nn.Sequential(nn.Linear(shape[0], 8), nn.Tanh())


def not_a_module(shape, features):
    return "an encoder"


def flat(shape, features):
    return nn.Flatten(0)


class Exploding(nn.Module):
    """Makes infinite features from the given training step on."""

    def __init__(self, inputs, after):
        super().__init__()
        self.layer = nn.Linear(inputs, 4)
        self.left = after

    def forward(self, inputs):
        if self.training:
            self.left -= 1
        return self.layer(inputs) * (torch.inf if self.training and self.left < 0 else 1.0)


def exploding(shape, features):
    return Exploding(shape[0], after=0)


def exploding_later(shape, features):
    return Exploding(shape[0], after=20)


class Kinked(Exploding):
    """Makes finite features whose gradient is NaN from the given training step on: the square root of 0."""

    def forward(self, inputs):
        made = self.layer(inputs)
        if self.training:
            self.left -= 1
        return made + (made * 0).sqrt() if self.training and self.left < 0 else made


def kinked_later(shape, features):
    return Kinked(shape[0], after=20)


NUMBER = 3
