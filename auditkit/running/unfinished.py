"""Work that an interrupt should not lose: one folder for each recipe on its data, gone when the run ends."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditkit.recipe.write import recipe_document
from auditkit.running.plan import inputs
from auditkit.store.runs import runs_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditkit.running.plan import Plan


@contextmanager
def unfinished_work(plan: Plan, *, resume: bool) -> Iterator[Path]:
    """Lend a folder for the steps' unfinished work: empty, or with what an interrupted run left if `resume`.

    It is removed when the block ends well; when it is left by an exception, an interrupt among them, it stays.
    """
    folder = runs_folder().parent / "unfinished" / _digest(plan)
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _digest(plan: Plan) -> str:
    """Return a name that is the same for the same recipe, reports aside, on the same data."""
    recipe = {
        key: value for key, value in recipe_document(plan.recipe).items() if key not in {"name", "reports"}
    }
    told = json.dumps([recipe, [item.sha256 for item in inputs(plan)]], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:20]
