"""Small drawings whose background tells the shape's class in training and not in the test: images to try things on."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from auditkit import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHAPES, BACKGROUNDS = ("disc", "ring"), ("stripes across", "stripes down")
SPLIT = (("train", 0.5), ("validation", 0.15), ("test", 0.35))
NOISE = 0.2
HOLLOW = (0.0, 0.8)
"""How hollow a ring is: 0 would be a disc."""
CACHE_FORMAT = 1
"""Goes up when the same words draw other pixels."""


@dataclass(frozen=True, eq=False)
class Drawings:
    """Pixels uint8 [n, size, size, 3] beside a table of shape, background and split."""

    pixels: NDArray[np.uint8]
    table: pd.DataFrame


def draw(rows: int, *, imbalance: float = 4.0, size: int = 32, seed: int = 0) -> Drawings:
    """Return drawings of a disc or a ring on stripes across or down, anywhere, in any colours, with noise.

    In the train and validation parts a shape has its own background `imbalance` times as often as the other; in the
    test part both equally often. Stripes are plain to see and the shape is not: a network that may, reads both.
    """
    rng = np.random.default_rng(seed)
    part = np.repeat([name for name, _ in SPLIT], _counts(rows))
    shape = rng.integers(2, size=rows)
    own = rng.random(rows) < np.where(part == "test", 0.5, imbalance / (1 + imbalance))
    background = np.where(own, shape, 1 - shape)
    pixels = np.concatenate(
        [_drawn(shape[i : i + 500], background[i : i + 500], size=size, rng=rng) for i in range(0, rows, 500)]
    )
    table = pd.DataFrame(
        {"shape": np.array(SHAPES)[shape], "background": np.array(BACKGROUNDS)[background], "split": part}
    )
    return Drawings(pixels, table)


def load_shapes(words: str) -> pd.DataFrame:
    """Return the table of `shapes:ROWS[,IMBALANCE[,SEED]]`; its column image names PNG files, drawn on first use.

    The files are kept in the user's cache folder. Raises DataError for words that are no such numbers.
    """
    rows, imbalance, seed = _numbers(words)
    folder = _cache() / f"shapes-{CACHE_FORMAT}-{rows}-{imbalance:g}-{seed}"
    drawings = draw(rows, imbalance=imbalance, seed=seed)
    paths = [folder / f"{i:06d}.png" for i in range(rows)]
    if not folder.is_dir():
        _write(drawings.pixels, folder)
    return drawings.table.assign(image=[str(path) for path in paths])


def _numbers(words: str) -> tuple[int, float, int]:
    given = words.split(",") if words else []
    try:
        rows = int(given[0]) if given else 4000
        imbalance = float(given[1]) if len(given) > 1 else 4.0
        seed = int(given[2]) if len(given) > 2 else 0
        right = len(given) <= 3 and 50 <= rows <= 1_000_000 and 1 <= imbalance <= 1000 and seed >= 0
    except ValueError:
        right = False
    if not right:
        message = f"'shapes:{words}' is not shapes:ROWS[,IMBALANCE[,SEED]], such as shapes:4000,4 (50 rows at least)"
        raise DataError(message)
    return rows, imbalance, seed


def _counts(rows: int) -> list[int]:
    ends = np.round(np.cumsum([0.0, *(share for _, share in SPLIT)]) * rows).astype(int)
    counts: list[int] = np.diff(ends).tolist()
    return counts


def _drawn(
    shape: NDArray[np.int64], background: NDArray[np.int64], *, size: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    n = len(shape)

    def between(low: float, high: float) -> NDArray[np.float64]:
        return rng.uniform(low, high, size=(n, 1, 1))

    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j][:, None]
    radius, thickness = between(0.4, 0.65), between(0.14, 0.24)
    distance = np.hypot(x - between(-0.3, 0.3), y - between(-0.3, 0.3))
    disc = np.clip((radius - distance) * 10, 0, 1)
    hole = np.clip((radius - thickness - distance) * 10, 0, 1)
    inside = disc - hole * between(*HOLLOW) * (shape == 1)[:, None, None]
    along = np.where(background[:, None, None] == 0, y, x)
    stripes = 0.5 + 0.5 * np.sin(along * between(7, 12) + between(0, 2 * np.pi))
    dark, mid, light = (
        rng.uniform(low, high, size=(n, 1, 1, 3)) for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.9))
    )
    ground = dark + (mid - dark) * stripes[..., None]
    picture = ground + (light - ground) * inside[..., None]
    picture += rng.normal(0, NOISE, size=picture.shape)
    drawn: NDArray[np.uint8] = (np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return drawn


def _write(pixels: NDArray[np.uint8], folder: Path) -> None:
    """Write one PNG file per image: into a folder of another name first, so that a folder that is there is whole."""
    from PIL import Image

    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".shapes-", dir=folder.parent))
    for i, one in enumerate(pixels):
        Image.fromarray(one).save(new / f"{i:06d}.png", compress_level=1)
    try:
        new.rename(folder)
    except OSError:
        if not folder.is_dir():  # another process may have been faster
            raise


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = Path(home) / "auditkit"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / "auditkit"
    return place
