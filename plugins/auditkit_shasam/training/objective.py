"""The loss of one batch of the first stage, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from auditkit_shasam.learning import Adversary, FLCMILoss, FSCLLoss, LogDetCMILoss, SupConLoss

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit_shasam.training.encoders.named import Network
    from auditkit_shasam.training.settings import Settings

    OfSets: TypeAlias = Callable[[Tensor, Tensor, Tensor], Tensor]


def _of_thirds(loss: nn.Module) -> OfSets:
    """Return a loss of anchors, positives and negatives as one of features that hold a third of each."""

    def of(projected: Tensor, target: Tensor, sensitive: Tensor) -> Tensor:  # noqa: ARG001  sets say what they are
        third = len(projected) // 3
        found: Tensor = loss(projected[:third], projected[third : 2 * third], projected[2 * third :])
        return found

    return of


def _supcon(settings: Settings) -> OfSets:
    loss = SupConLoss(temperature=settings.temperature)
    return lambda projected, target, _: loss(projected, target)


BY_SETS: dict[str, Callable[[Settings], OfSets]] = {
    "flcmi": lambda s: _of_thirds(FLCMILoss(s.form, temperature=s.smoothing)),
    "logdetcmi": lambda s: _of_thirds(LogDetCMILoss(ridge=s.mining.ridge)),
    "supcon": _supcon,
    "fscl": lambda s: FSCLLoss(temperature=s.temperature),
}
"""Losses of projected features with their classes and groups, of batches that hold three sets."""


class Objective(nn.Module):
    """The chosen loss of a network on inputs with their classes and groups.

    For set losses the inputs are anchors, positives and negatives, a third each.
    """

    def __init__(self, settings: Settings, *, features: int, groups: int) -> None:
        super().__init__()
        self.settings = settings
        self.adversary = Adversary(features, groups) if settings.loss == "grl" else None
        self.of_sets = BY_SETS[settings.loss](settings) if settings.by_views else None

    def forward(self, network: Network, inputs: Tensor, target: Tensor, sensitive: Tensor) -> Tensor:
        """Return the batch's loss, a scalar."""
        features = network.encoder(inputs)
        if self.of_sets is None:
            loss = cross_entropy(network.head(features), target)
            if self.adversary is not None:
                loss = loss + self.adversary(features, sensitive)
            return loss
        loss = self.of_sets(network.projector(features), target, sensitive)
        if self.settings.joint:
            loss = loss + self.settings.joint * cross_entropy(network.head(features), target)
        return loss
