"""Work that an interrupt should not lose: a folder for each recipe on its data, gone when the run ends."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING

from auditkit.errors import UsageError
from auditkit.recipe.write import recipe_document
from auditkit.running.plan import inputs
from auditkit.running.reach.provenance import versions
from auditkit.store.lock import locked
from auditkit.store.runs import runs_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditkit.running.plan import Plan


_IN_USE = "another run of this recipe is at work on what --resume would go on from; wait for it, or leave --resume out"


@contextmanager
def unfinished_work(plan: Plan, *, resume: bool) -> Iterator[Path | None]:
    """Lend a folder for the steps' unfinished work: empty, or with what an interrupted run left if `resume`.

    It is removed when the block ends well; when it is left by an exception, an interrupt among them, it stays. Runs of
    one recipe at the same time get a folder each. None where no folder can be had, as in a home that is read-only.
    """
    home, name = runs_folder().parent / "unfinished", _digest(plan)
    with ExitStack() as held:
        folder = _own(home, name, held, resume=resume)
        if folder is not None and not resume:
            shutil.rmtree(folder, ignore_errors=True)
        yield folder
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
            _remove_left(home, name)


def _own(home: Path, name: str, held: ExitStack, *, resume: bool) -> Path | None:
    """Return the first folder that no run holds, and hold it; to resume, one that has work, if any has."""
    try:
        if resume:
            left = [folder for folder in sorted(home.glob(f"{name}*/")) if not folder.is_symlink()]
            for folder in left:
                if held.enter_context(locked(_lock_of(folder))):
                    return folder
            if left:
                raise UsageError(_IN_USE)
        folders = (home / (f"{name}-{number}" if number else name) for number in count())
        return next(
            folder
            for folder in folders
            if not folder.is_symlink()  # it may lead to a folder of the user's
            and not folder.is_file()
            and held.enter_context(locked(_lock_of(folder)))
        )
    except OSError:
        return None


def _remove_left(home: Path, name: str) -> None:
    """Remove what other interrupted runs of the same recipe left: it has been run to its end."""
    for folder in home.glob(f"{name}*/"):
        with suppress(OSError), locked(_lock_of(folder)) as ours:
            if ours:
                shutil.rmtree(folder, ignore_errors=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.lock")


def _digest(plan: Plan) -> str:
    """Return a name that is the same for the same steps of a recipe, reports aside, on the same data and versions."""
    recipe = {
        key: value for key, value in recipe_document(plan.recipe).items() if key not in {"name", "reports"}
    }
    steps = [(planned.spec.id, planned.plugin) for planned in plan.steps]
    read = [item.sha256 for item in inputs(plan)]
    told = json.dumps([recipe, steps, read, dict(versions())], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:20]
