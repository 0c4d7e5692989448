"""The waivers beside a recipe: read and checked, added to and pruned without touching what somebody wrote there."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from auditkit.data.paths import kind_of
from auditkit.errors import UsageError
from auditkit.recipe.document import parse_document, read_document
from auditkit.recipe.validation import validate
from auditkit.spec.waiver import Waiver, Waivers

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

NAME = "waivers.yaml"
HEAD = "# Findings that were accepted: by whom, why, and until when. See auditkit waive --help.\nversion: 1\nwaivers:\n"


def waivers_beside(folder: Path) -> Path:
    """Return where the waivers of the recipes in a folder are."""
    return folder / NAME


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers of a file, none where there is no file. Raises RecipeError at the line that is wrong."""
    if kind_of(path) == "nothing" and not path.is_symlink():
        return ()
    document = read_document(path)
    if isinstance(document.value, dict) and document.value.get("waivers", ()) is None:
        return ()  # all that there were are pruned
    found = validate(Waivers, document).waivers
    seen: set[str] = set()
    for i, one in enumerate(found):
        place = ("waivers", i, "expires")
        if not _is_day(one.expires):
            message = f"waivers.{i}.expires: '{one.expires}' is no day; write it as 2027-01-31"
            raise document.error(place, message)
        if one.fingerprint in seen:
            raise document.error(
                ("waivers", i), f"waivers.{i}: fingerprint '{one.fingerprint}' appears twice"
            )
        seen.add(one.fingerprint)
    return found


def _is_day(text: str) -> bool:
    """Whether a text is a day in the one form in which days are compared: Python reads others too."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def with_waiver(path: Path, waiver: Waiver) -> str:
    """Return the text of a file with one waiver more, at its end; what is there stays as it is."""
    from auditkit.recipe.scalars import yaml_text

    text = path.read_text(encoding="utf-8") if path.is_file() else HEAD
    told = {key: value for key, value in asdict(waiver).items() if value not in (None, "")}
    entry = yaml_text([told])
    end = "" if text.endswith("\n") else "\n"
    return _read_back(f"{text}{end}{_indented(entry, _indent(path))}", path, {waiver.fingerprint})


def without_waivers(path: Path, gone: Collection[str]) -> str:
    """Return the text of a file without the waivers of these fingerprints; other lines stay as they are."""
    document, lines = read_document(path), path.read_text(encoding="utf-8").splitlines(keepends=True)
    found = validate(Waivers, document).waivers
    starts = [document.positions["waivers", i][0] - 1 for i in range(len(found))]
    ends = [*starts[1:], len(lines)]
    dropped = {
        line
        for one, start, end in zip(found, starts, ends, strict=True)
        if one.fingerprint in gone
        for line in range(start, end)
    }
    left = "".join(line for number, line in enumerate(lines) if number not in dropped)
    return _read_back(left, path, {one.fingerprint for one in found} - set(gone))


def _read_back(text: str, path: Path, marks: Collection[str]) -> str:
    """Return a text that holds these waivers; raise UsageError where the lines of the file do not allow it."""
    try:
        value = parse_document(text, file=str(path)).value
        held = {one["fingerprint"] for one in value["waivers"] or ()}
    except (UsageError, KeyError, TypeError):
        held = set()
    if not set(marks) <= held:
        message = f"{path} is not written as a list with one waiver below the other; change it by hand"
        raise UsageError(message)
    return text


def _indent(path: Path) -> str:
    """Return the blanks before the dash of each waiver in a file."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    dashes = [line for line in lines if line.lstrip().startswith("- ")]
    return dashes[0][: len(dashes[0]) - len(dashes[0].lstrip())] if dashes else ""


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))
