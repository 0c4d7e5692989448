"""UTKFace (Zhang, Song and Qi 2017): images named AGE_GENDER_RACE_TIME.jpg.chip.jpg; there is no other label."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit import DataError
from auditkit_faces.layout import need, path_of

if TYPE_CHECKING:
    import pandas as pd

GENDERS = ("male", "female")
RACES = ("White", "Black", "Asian", "Indian", "Other")
_NAME = re.compile(r"(\d{1,3})_([01])_([0-4])_\d+")


def read(folder: str) -> pd.DataFrame:
    """Return a row for each image: `image`, `age` in years, `gender` and `race`.

    Images whose names lack a label, of which the original has a few, are left out; a note says how many.
    """
    import pandas as pd

    root = need(Path(folder), "UTKFace")
    names = sorted(path.name for path in root.iterdir() if path.suffix.lower() in {".jpg", ".png"})
    found = [(name, match) for name in names if (match := _NAME.match(name))]
    if not found:
        message = f"{root} holds no image named AGE_GENDER_RACE_TIME.jpg, as those of UTKFace are"
        raise DataError(message)
    table = pd.DataFrame(
        {
            "image": [path_of(root, name) for name, _ in found],
            "age": [int(match[1]) for _, match in found],
            "gender": [GENDERS[int(match[2])] for _, match in found],
            "race": [RACES[int(match[3])] for _, match in found],
        }
    )
    if missing := len(names) - len(found):
        table.attrs["notes"] = (
            f"{missing:,} of {len(names):,} images were left out: their names lack a label",
        )
    return table
