"""FairFace (Kärkkäinen and Joo 2021): fairface_label_train.csv, fairface_label_val.csv, train/ and val/."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditkit import DataError
from auditkit_faces.layout import need, path_of

if TYPE_CHECKING:
    import pandas as pd

FILES = {"fairface_label_train.csv": "train", "fairface_label_val.csv": "test"}
COLUMNS = ("file", "age", "gender", "race")


def read(folder: str) -> pd.DataFrame:
    """Return a row for each image: `image`, `age` (a band such as `20-29`), `gender`, `race` and `split`."""
    import pandas as pd

    root = Path(folder)
    parts = []
    for name, split in FILES.items():
        part = pd.read_csv(need(root / name, "FairFace"))
        missing = [column for column in COLUMNS if column not in part.columns]
        if missing:
            message = f"{root / name} has no column {', '.join(missing)}, as FairFace's labels have"
            raise DataError(message)
        part["image"] = [path_of(root, str(file)) for file in part["file"]]
        parts.append(part.assign(split=split))
    table = pd.concat(parts, ignore_index=True)
    return table[["image", "age", "gender", "race", "split"]]
