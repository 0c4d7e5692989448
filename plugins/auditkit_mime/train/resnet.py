"""ResNet-34 (He, Zhang, Ren & Sun, 2016, table 1) for RGB images [n, 3, h, w]; its weights are drawn anew."""

from __future__ import annotations

from torch import Tensor, nn

BLOCKS = (3, 4, 6, 3)
WIDTHS = (64, 128, 256, 512)


class Block(nn.Module):
    """Two 3 x 3 convolutions and a shortcut, projected where the shape changes (option B)."""

    def __init__(self, n_in: int, n_out: int, *, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(n_in, n_out, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
            nn.Conv2d(n_out, n_out, 3, padding=1, bias=False),
            nn.BatchNorm2d(n_out),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or n_in != n_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(n_in, n_out, 1, stride=stride, bias=False), nn.BatchNorm2d(n_out)
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return relu(body(x) + shortcut(x))."""
        added: Tensor = self.body(x) + self.shortcut(x)
        return added.relu()


def resnet34(classes: int) -> nn.Module:
    """Return an untrained ResNet-34: stem, 16 blocks, mean over places, one linear layer from 512 features."""
    stem = [
        nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
    ]
    blocks, n_in = [], 64
    for stage, (count, n_out) in enumerate(zip(BLOCKS, WIDTHS, strict=True)):
        for i in range(count):
            blocks.append(Block(n_in, n_out, stride=2 if stage and not i else 1))
            n_in = n_out
    network = nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(n_in, classes))
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return network
