"""A repair's predictions as a table to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from auditkit.values.subject import Subject


def predictions_table(repaired: Subject) -> pd.DataFrame:
    """Return the rows by their id, or by their number from 0 on, with the part they were in, prediction and score.

    The columns are the id's own or `row`, `split`, `pred`, and `score` where there is one: `--pred FILE` reads it, and
    audits measure the test rows.
    """
    import numpy as np
    import pandas as pd

    named = repaired.id is not None
    rows = repaired.column(str(repaired.id)).to_numpy() if named else np.arange(len(repaired))
    columns: dict[str, Any] = {
        str(repaired.id) if named else "row": rows,
        "split": repaired.column(str(repaired.split)).to_numpy(),
        "pred": repaired.column(str(repaired.pred)).to_numpy(),
    }
    if repaired.score is not None:
        columns["score"] = repaired.column(repaired.score).to_numpy()
    return pd.DataFrame(columns)
