"""Which rows are mined and which are held out to confirm on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Subject

PURPOSE = 17
"""Sets this draw apart from others of the same seed."""
MINING = ("train", "mine", "fit")


def mining_value(subject: Subject) -> Any:
    """Return the first of train, mine, fit that the split column holds, or raise DataError."""
    values = subject.column(str(subject.split)).dropna().unique().tolist()
    for name in MINING:
        for value in values:
            if str(value).casefold() == name:
                return value
    shown = ", ".join(map(repr, sorted(map(str, values))[:5]))
    message = (
        f"split column '{subject.split}' holds {shown or 'no value'}; "
        f"minoria mines the rows marked {', '.join(MINING[:-1])} or {MINING[-1]} and confirms on the others"
    )
    raise DataError(message)


def mining_rows(subject: Subject, *, confirm_share: float, seed: int) -> NDArray[np.bool_]:
    """Return which rows are mined, bool [n]: by the split column, else a random 1 - confirm_share of them.

    The same seed holds the same rows out, whichever step asks: searches are then compared on the same rows.
    """
    import numpy as np

    n = len(subject)
    if subject.split is not None:
        return subject.column(subject.split).isin([mining_value(subject)]).to_numpy(dtype=np.bool_)
    mining = np.ones(n, dtype=np.bool_)
    mining[np.random.default_rng([seed, PURPOSE]).permutation(n)[: round(confirm_share * n)]] = False
    return mining
