"""CelebA (Liu et al. 2015): list_attr_celeba.txt, list_eval_partition.txt and img_align_celeba/."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditkit import DataError
from auditkit_faces.layout import need, path_of

if TYPE_CHECKING:
    import pandas as pd

SPLITS = {0: "train", 1: "validation", 2: "test"}


def read(folder: str) -> pd.DataFrame:
    """Return a row for each image: `image`, `split`, and each of the 40 attributes as `yes` or `no`."""
    import pandas as pd

    root = Path(folder)
    attributes = need(root / "list_attr_celeba.txt", "CelebA")
    partition = need(root / "list_eval_partition.txt", "CelebA")
    images = need(root / "img_align_celeba", "CelebA")
    table = pd.read_csv(attributes, sep=r"\s+", skiprows=1)  # the first line is the number of images
    splits = pd.read_csv(partition, sep=r"\s+", header=None, names=["file", "split"], index_col="file")[
        "split"
    ]
    strangers = table.index.difference(splits.index)
    if len(strangers):
        message = f"{partition} has no line for {len(strangers):,} images, such as {strangers[0]}"
        raise DataError(message)
    yes = table.eq(1).replace({True: "yes", False: "no"})
    yes.insert(0, "split", splits.loc[table.index].map(SPLITS))
    yes.insert(0, "image", [path_of(images, str(name)) for name in table.index])
    return yes.reset_index(drop=True)
