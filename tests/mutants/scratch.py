"""The folder in which mutmut works: the packages side by side below src/, the tests, and settings for one room."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mutants.rooms import Room


def prepare(root: Path, scratch: Path, room: Room) -> None:
    """Lay out the code and the tests of the working tree `root` in the folder `scratch`, and name the room to change."""
    shutil.rmtree(scratch, ignore_errors=True)  # what another version of a test saw counts no longer
    for package in (root / "auditkit", *sorted((root / "plugins").glob("auditkit_*"))):
        shutil.copytree(package, scratch / "src" / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(root / "tests", scratch / "tests", dirs_exist_ok=True)
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"src/{pattern}" for pattern in room.code],
        "pytest_add_cli_args": ["-n", "0", "-p", "no:cacheprovider", "-m", "not slow"],
        "pytest_add_cli_args_test_selection": [f"tests/{name}" for name in room.tests],
        "also_copy": ["recipes", "docs"],
        "timeout_multiplier": 30.0,  # a busy machine is no reason to call a change seen
        "use_git_change_detection": False,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    own = (root / "pyproject.toml").read_text(encoding="utf-8")
    text = "\n".join(["[tool.mutmut]", *lines, "", own[own.index("[tool.pytest.ini_options]") :]])
    (scratch / "pyproject.toml").write_text(text, encoding="utf-8")
    for name in ("recipes", "docs"):
        shutil.copytree(root / name, scratch / name, dirs_exist_ok=True)
