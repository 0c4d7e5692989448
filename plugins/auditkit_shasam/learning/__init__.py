"""SHaSaM-LEARN and its baselines: losses as modules that drop into any PyTorch loop. Importing it loads torch."""

from __future__ import annotations

from auditkit_shasam.learning.adversary import Adversary, reverse_gradient
from auditkit_shasam.learning.collapse import COLLAPSED, mean_cosine
from auditkit_shasam.learning.flcmi import FLCMILoss
from auditkit_shasam.learning.fscl import FSCLLoss
from auditkit_shasam.learning.joint import JointLoss
from auditkit_shasam.learning.logdetcmi import LogDetCMILoss
from auditkit_shasam.learning.supcon import SupConLoss

__all__ = [
    "COLLAPSED",
    "Adversary",
    "FLCMILoss",
    "FSCLLoss",
    "JointLoss",
    "LogDetCMILoss",
    "SupConLoss",
    "mean_cosine",
    "reverse_gradient",
]
