"""What the models of a sweep said about their test rows, kept where an interrupt cannot reach it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_mime.design.trials import ModelRows


@dataclass(frozen=True, eq=False)
class Outcome:
    """Per model and group (majority first): right bool [m, 2, rows] on its test rows; projected float32, alike.

    `projected` is w'f, NaN where a model has no last layer to project on. `epoch` int64 [m] counts the epochs after
    which the model was taken, 0 where there are none to choose from.
    """

    right: NDArray[np.bool_]
    projected: NDArray[np.float32]
    epoch: NDArray[np.int64]


def joined(parts: Sequence[Outcome]) -> Outcome:
    """Return the outcomes of several lots of models as one."""
    return Outcome(
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.projected for part in parts]),
        np.concatenate([part.epoch for part in parts]),
    )


def one_after_another(
    train: Callable[[ModelRows], Outcome], rows: ModelRows, context: Context, *, folder: Path
) -> Outcome:
    """Return the outcome of all models; each is written to the folder when it is done, and read from there."""
    folder.mkdir(exist_ok=True)
    done = []
    for i in context.track(range(len(rows)), "mime: models"):
        file = folder / f"{i}.npz"
        there = file.exists()
        found = _read(file) if there else None
        if found is None:
            if there:
                context.say(f"What was kept of model {i + 1} could not be read; it was trained again.")
            found = train(rows.part(slice(i, i + 1)))
            _write(found, file)
        done.append(found)
    return joined(done)


def _read(file: Path) -> Outcome | None:
    """Return an outcome that was written, or None if the file is torn or holds something else."""
    try:
        with file.open("rb") as raw, np.load(raw) as held:
            return Outcome(held["right"], held["projected"], held["epoch"])
    except (OSError, ValueError, TypeError, KeyError, EOFError, BadZipFile):
        return None


def _write(outcome: Outcome, file: Path) -> None:
    """Write an outcome whole or not at all."""
    part = file.with_name("part.npz")
    np.savez(part, right=outcome.right, projected=outcome.projected, epoch=outcome.epoch)
    part.replace(file)
