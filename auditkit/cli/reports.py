"""Which renderer writes a report's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import UsageError, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from auditkit.plugins.host import Host
    from auditkit.values.offers import Renderer


def renderer_of(path: Path, host: Host) -> Renderer:
    """Return the renderer that writes files with this extension, in any case, or raise with the nearest one."""
    by_end = {end: renderer for renderer in host.renderers for end in renderer.extensions}
    end = path.suffix.lower()
    if end not in by_end:
        message = f"cannot write {path}: no format for '{path.suffix}'{nearest(end, by_end)}"
        raise UsageError(message)
    return by_end[end]
