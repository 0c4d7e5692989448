"""A new plugin package that passes its own tests, from the templates beside this module."""

from __future__ import annotations

import re
import secrets
import shutil
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def new_plugin(name: str, folder: Path) -> tuple[Path, ...]:
    """Write the package auditkit-NAME into a new folder below `folder`, and return its files.

    Raises UsageError for a name that is no Python name in lower case, for a folder that is there already or where none
    can be made. The package is written whole or not at all.
    """
    if not _NAME.fullmatch(name):
        message = f"'{name}' cannot name a plugin: write lower-case letters, digits and _, a letter first"
        raise UsageError(message)
    root = folder / f"auditkit-{name}"
    if root.exists() or root.is_symlink():
        message = f"{root} is there already; name another plugin, or another --folder"
        raise UsageError(message)
    package = f"auditkit_{name}"
    places = {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        "init.py": f"{package}/__init__.py",
        "declare.py": f"{package}/declare.py",
        "measure.py": f"{package}/measure.py",
        "test_step.py": "tests/test_step.py",
    }
    words = {"name": name, "class_name": "".join(part.capitalize() for part in name.split("_"))}
    texts = {
        place: Template(
            files(__package__).joinpath("template", source).read_text(encoding="utf-8")
        ).substitute(words)
        for source, place in places.items()
    }
    try:
        _write_whole(root, texts)
    except OSError as error:
        message = f"cannot write {root}: {(error.strerror or str(error)).lower()}"
        raise UsageError(message) from error
    return tuple(root / place for place in texts)


def _write_whole(root: Path, texts: Mapping[str, str]) -> None:
    """Write the files beside the folder that they are for, and give it its name when they are all there."""
    new = root.with_name(f".auditkit-{secrets.token_hex(8)}")
    try:
        for place, text in texts.items():
            path = new / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        new.rename(root)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
