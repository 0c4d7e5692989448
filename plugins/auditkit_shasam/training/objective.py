"""The loss of one batch of the first stage, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from auditkit_shasam.learning import Adversary, FLCMILoss, FSCLLoss, LogDetCMILoss, SupConLoss

if TYPE_CHECKING:
    from auditkit_shasam.training.encoders import Network
    from auditkit_shasam.training.settings import Settings


class Objective(nn.Module):
    """The chosen loss of a network on inputs with their classes and groups.

    For set losses the inputs are anchors, positives and negatives, a third each.
    """

    def __init__(self, settings: Settings, *, features: int, groups: int) -> None:
        super().__init__()
        self.settings = settings
        self.adversary = Adversary(features, groups) if settings.loss == "grl" else None
        losses = {
            "flcmi": FLCMILoss(settings.form, temperature=settings.smoothing),
            "logdetcmi": LogDetCMILoss(ridge=settings.mining.ridge),
            "supcon": SupConLoss(temperature=settings.temperature),
            "fscl": FSCLLoss(temperature=settings.temperature),
        }
        self.by_sets = losses.get(settings.loss)

    def forward(self, network: Network, inputs: Tensor, target: Tensor, sensitive: Tensor) -> Tensor:
        """Return the batch's loss, a scalar."""
        features = network.encoder(inputs)
        if self.by_sets is None:
            loss = cross_entropy(network.head(features), target)
            if self.adversary is not None:
                loss = loss + self.adversary(features, sensitive)
            return loss
        loss = self._of_sets(network.projector(features), target, sensitive)
        if self.settings.joint:
            loss = loss + self.settings.joint * cross_entropy(network.head(features), target)
        return loss

    def _of_sets(self, projected: Tensor, target: Tensor, sensitive: Tensor) -> Tensor:
        found: Tensor
        match self.by_sets:
            case SupConLoss():
                found = self.by_sets(projected, target)
            case FSCLLoss():
                found = self.by_sets(projected, target, sensitive)
            case mined:
                assert mined is not None  # noqa: S101  a loss by sets is one of the four above
                third = len(projected) // 3
                found = mined(projected[:third], projected[third : 2 * third], projected[2 * third :])
        return found
