"""What the models of a sweep said about their test rows, kept where an interrupt cannot reach it."""

from __future__ import annotations

import os
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


def one_by_one(
    train: Callable[[ModelRows], Outcome], rows: ModelRows, context: Context, *, folder: Path
) -> Outcome:
    """Return the outcome of all models; each is written to the folder when it is done, and read from there.

    `train` may be called by other processes: on one machine, or on several that see the folder.
    """
    folder.mkdir(exist_ok=True)
    torn = [
        i for i in range(len(rows)) if (folder / f"{i}.npz").exists() and _read(folder / f"{i}.npz") is None
    ]
    for i in torn:
        context.say(f"What was kept of model {i + 1} could not be read; it was trained again.")
    jobs = [(rows.part(slice(i, i + 1)), folder / f"{i}.npz") for i in range(len(rows))]
    return joined(context.map(_Kept(train), jobs, "mime: models"))


@dataclass(frozen=True, eq=False)
class _Kept:
    """The training of one model, whose outcome is read from a file, or made and written there."""

    train: Callable[[ModelRows], Outcome]

    def __call__(self, job: tuple[ModelRows, Path]) -> Outcome:
        rows, file = job
        found = _read(file)
        if found is None:
            found = self.train(rows)
            _write(found, file)
        return found


def _read(file: Path) -> Outcome | None:
    """Return an outcome that was written, or None if the file is torn or holds something else."""
    try:
        with file.open("rb") as raw, np.load(raw) as held:
            return Outcome(held["right"], held["projected"], held["epoch"])
    except (OSError, ValueError, TypeError, KeyError, EOFError, BadZipFile):
        return None


def _write(outcome: Outcome, file: Path) -> None:
    """Write an outcome whole or not at all."""
    part = file.with_name(
        f"{file.stem}-{os.getpid()}.part.npz"
    )  # nobody else's, on any machine but by chance
    np.savez(part, right=outcome.right, projected=outcome.projected, epoch=outcome.epoch)
    part.replace(file)
