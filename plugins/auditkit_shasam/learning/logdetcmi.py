"""The loss of log-determinant: the volume that anchors and negatives share beside the positives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.functional import normalize

from auditkit import UsageError
from auditkit_shasam.submodular.log_determinant import RIDGE

if TYPE_CHECKING:
    from torch import Tensor


class LogDetCMILoss(nn.Module):
    """1 / (3 |A|) * I_f(A; N | P) with f(X) = log det(S_X + ridge I), S the cosine kernel (SHaSaM, Table 1).

    Computed from the definition by four Cholesky factors, in float64 whatever the features are: two views of one item,
    or more rows than dimensions, make S singular, and the ridge is then all that keeps the loss finite.
    """

    def __init__(self, *, ridge: float = RIDGE) -> None:
        super().__init__()
        if ridge <= 0:
            message = f"LogDetCMI needs a ridge above 0, got {ridge}"
            raise UsageError(message)
        self.ridge = ridge

    def forward(self, anchors: Tensor, positives: Tensor, negatives: Tensor) -> Tensor:
        """Return the loss, a scalar, of features [a, d], [p, d] and [n, d]; gradients flow to all three."""
        # Positives in the middle: their union with either set is then one block of the kernel.
        sets = (anchors, positives, negatives)
        first, second = len(anchors), len(anchors) + len(positives)
        unit = torch.cat([normalize(features.double(), dim=1) for features in sets])
        kernel = unit @ unit.T + self.ridge * torch.eye(len(unit), dtype=unit.dtype, device=unit.device)
        shared = _logdet(kernel[:second, :second]) + _logdet(kernel[first:, first:])
        information = shared - _logdet(kernel) - _logdet(kernel[first:second, first:second])
        return (information / (3 * len(anchors))).to(anchors.dtype)


def _logdet(block: Tensor) -> Tensor:
    """Return the log-determinant of a positive definite block, a scalar; NaN of one that is not."""
    # Not cholesky, which raises where a feature is not finite: the training loop wants to see the loss.
    factor, failed = torch.linalg.cholesky_ex(block)
    found: Tensor = 2 * factor.diagonal().log().sum()
    return found if int(failed) == 0 else found * torch.nan
