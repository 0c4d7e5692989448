"""Tiny made-up copies of the layouts of face data sets: noise for images, drawn labels, official file names."""

from pathlib import Path

import numpy as np
from PIL import Image

ATTRIBUTES = ("Attractive", "Bags_Under_Eyes", "Big_Nose", "Male", "Young")
RACES = ("White", "Black", "Latino_Hispanic", "East Asian", "Southeast Asian", "Indian", "Middle Eastern")


def noise(path: Path, rng: np.random.Generator, size: int = 16) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rng.integers(0, 256, (size, size, 3), dtype=np.uint8)).save(path)


def make_celeba(folder: Path, n: int = 60, seed: int = 0) -> Path:
    """Half of the images train, a quarter validate, a quarter test."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{i:06}.jpg" for i in range(1, n + 1)]
    signs = rng.choice([-1, 1], size=(n, len(ATTRIBUTES)))
    for name in names:
        noise(folder / "img_align_celeba" / name, rng)
    rows = [f"{name}  {'  '.join(map(str, row))}" for name, row in zip(names, signs, strict=True)]
    (folder / "list_attr_celeba.txt").write_text("\n".join([str(n), " ".join(ATTRIBUTES), *rows]) + "\n")
    parts = [0 if i < n // 2 else 1 if i < 3 * n // 4 else 2 for i in range(n)]
    lines = [f"{name} {part}" for name, part in zip(names, parts, strict=True)]
    (folder / "list_eval_partition.txt").write_text("\n".join(lines) + "\n")
    return folder


def make_utkface(folder: Path, n: int = 60, seed: int = 0) -> Path:
    """One image more has a name without a race, as a few of the original have."""
    rng = np.random.default_rng(seed)
    for i in range(n):
        age, gender, race = rng.integers(1, 90), rng.integers(2), rng.integers(5)
        noise(folder / f"{age}_{gender}_{race}_201701{i:011}.jpg.chip.jpg", rng)
    noise(folder / "39_1_20170116174525125.jpg.chip.jpg", rng)
    return folder


def make_fairface(folder: Path, n: int = 60, seed: int = 0) -> Path:
    """Two thirds of the images are in train/, the others in val/."""
    rng = np.random.default_rng(seed)
    for part, count in (("train", 2 * n // 3), ("val", n - 2 * n // 3)):
        rows = ["file,age,gender,race,service_test"]
        for i in range(1, count + 1):
            noise(folder / part / f"{i}.jpg", rng)
            age, gender = rng.choice(["0-2", "20-29", "60-69"]), rng.choice(["Male", "Female"])
            rows.append(f"{part}/{i}.jpg,{age},{gender},{rng.choice(RACES)},False")
        (folder / f"fairface_label_{part}.csv").write_text("\n".join(rows) + "\n")
    return folder
