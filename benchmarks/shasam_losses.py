"""Forward and backward of the set losses for a batch of 96 features of 128 dimensions: milliseconds, median of 50."""

import time

import numpy as np
import torch

from auditkit_shasam.learning import FLCMILoss, LogDetCMILoss


def main():
    features = torch.randn(96, 128, generator=torch.Generator().manual_seed(0)).requires_grad_()
    losses = {
        "FLCMI literal": FLCMILoss("literal"),
        "FLCMI smooth": FLCMILoss(),
        "LogDetCMI": LogDetCMILoss(),
    }
    for name, loss in losses.items():
        seconds = []
        for _ in range(55):
            start = time.perf_counter()
            loss(features[:32], features[32:64], features[64:]).backward()
            seconds.append(time.perf_counter() - start)
        print(f"{name:14} {1e3 * np.median(seconds[5:]):.2f} ms")


if __name__ == "__main__":
    main()
