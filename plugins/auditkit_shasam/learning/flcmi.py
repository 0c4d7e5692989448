"""The loss of facility location: how much anchors share with negatives that positives do not explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch
from torch import nn
from torch.nn.functional import normalize, softplus

from auditkit import UsageError

if TYPE_CHECKING:
    from torch import Tensor


class FLCMILoss(nn.Module):
    """1 / (3 |A|) * I_f(A; N | P) over V = A u P u N with the cosine kernel (SHaSaM, Table 1 and equation 22).

    `literal` is the sum over v of max(min(max_A S_va, max_N S_vn) - max_P S_vp, 0). It has no margin and counts each
    row's similarity to itself: it is 0, without a gradient, once every row's nearest positive beats its nearest
    negative, and where all features are alike. `smooth` leaves the row itself out, takes for each maximum
    t log mean exp(S / t), which lies in [max - t log m, max], and for the hinge t softplus(x / t), t the temperature.
    """

    def __init__(self, form: Literal["literal", "smooth"] = "smooth", *, temperature: float = 0.1) -> None:
        super().__init__()
        if form not in {"literal", "smooth"} or temperature <= 0:
            message = f"FLCMI is literal or smooth with a temperature above 0, got {form} and {temperature}"
            raise UsageError(message)
        self.form = form
        self.temperature = temperature

    def forward(self, anchors: Tensor, positives: Tensor, negatives: Tensor) -> Tensor:
        """Return the loss, a scalar, of features [a, d], [p, d] and [n, d]; gradients flow to all three.

        The smooth form raises UsageError for a set of one row, which has no other row to be near.
        """
        sets = (anchors, positives, negatives)
        unit = [normalize(features, dim=1) for features in sets]
        everything = torch.cat(unit)
        if self.form == "literal":
            near = [(everything @ one.T).amax(dim=1) for one in unit]
            shared = torch.minimum(near[0], near[2]) - near[1]
            return shared.clamp(min=0).sum() / (3 * len(anchors))
        soft = self._soft_nearest(everything, tuple(len(features) for features in sets))
        shared = torch.minimum(soft[0], soft[2]) - soft[1]
        hinge = softplus(shared / self.temperature) * self.temperature
        return hinge.sum() / (3 * len(anchors))

    def _soft_nearest(self, unit: Tensor, sizes: tuple[int, ...]) -> list[Tensor]:
        """Return each row's soft similarity to the nearest other row of each set, [v] per set."""
        if min(sizes) < 2:
            message = f"the smooth FLCMI needs two rows in every set, got {sizes}"
            raise UsageError(message)
        itself = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
        scaled = (unit @ unit.T / self.temperature).masked_fill(itself, -torch.inf)
        near, start = [], 0
        for size in sizes:
            columns = slice(start, start + size)
            others = (~itself[:, columns]).sum(dim=1).to(unit.dtype)
            near.append(self.temperature * (scaled[:, columns].logsumexp(dim=1) - others.log()))
            start += size
        return near
