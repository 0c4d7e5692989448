"""Which renderer writes which file, by extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit.values.report import Report


def by_extension() -> dict[str, Callable[[Report], str]]:
    """Return the built-in file formats."""
    from auditkit.render.machine import json_document, junit, sarif
    from auditkit.render.page import html
    from auditkit.render.text import markdown, terminal

    return {
        ".html": html.render,
        ".json": json_document.render,
        ".md": markdown.render,
        ".sarif": sarif.render,
        ".txt": terminal.render,
        ".xml": junit.render,
    }
