"""Which renderer writes a report, by its file's extension or by --format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.errors import UsageError, nearest

if TYPE_CHECKING:
    from auditkit.plugins.host import Host
    from auditkit.values.offers import Renderer

STDOUT = Path("-")
"""What -o calls standard output."""


def renderer_of(path: Path, host: Host, form: str | None = None) -> Renderer:
    """Return the renderer of an output: by its extension, in any case, or where that says nothing by `form`.

    Raises UsageError with the nearest name.
    """
    if (named := named_by(path, host)) is not None:
        return named
    end = path.suffix.lower()
    by_name = {renderer.name: renderer for renderer in host.renderers}
    if form is not None and (path == STDOUT or not end):
        if form not in by_name:
            message = f"--format {form}: there is no such format{nearest(form, by_name)}"
            raise UsageError(message)
        return by_name[form]
    if path == STDOUT or not end:
        place = "standard output" if path == STDOUT else str(path)
        message = (
            f"cannot write {place}: say in which format, such as --format markdown, of {', '.join(by_name)}"
        )
        raise UsageError(message)
    message = f"cannot write {path}: no format for '{path.suffix}'{nearest(end, _by_end(host))}"
    raise UsageError(message)


def named_by(path: Path, host: Host) -> Renderer | None:
    """Return the renderer that a file's name asks for by its extension, in any case; None where it says nothing."""
    by_end, name = _by_end(host), path.name.lower()
    fitting = max((one for one in by_end if name.endswith(one)), key=len, default="")
    return by_end[fitting] if path != STDOUT and fitting else None


def _by_end(host: Host) -> dict[str, Renderer]:
    return {end: renderer for renderer in host.renderers for end in renderer.extensions}
