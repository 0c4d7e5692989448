"""A new plugin package that passes its own tests, from the templates beside this module."""

from __future__ import annotations

import re
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from auditkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def new_plugin(name: str, folder: Path) -> tuple[Path, ...]:
    """Write the package auditkit-NAME into a new folder below `folder`, and return its files.

    Raises UsageError for a name that is no Python name in lower case, or a folder that is there already.
    """
    if not _NAME.fullmatch(name):
        message = f"'{name}' cannot name a plugin: write lower-case letters, digits and _, a letter first"
        raise UsageError(message)
    root = folder / f"auditkit-{name}"
    if root.exists():
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
    made = []
    for source, place in places.items():
        template = files(__package__).joinpath("template", source).read_text(encoding="utf-8")
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(template).substitute(words), encoding="utf-8")
        made.append(path)
    return tuple(made)
