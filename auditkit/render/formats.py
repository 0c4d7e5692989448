"""Which renderer writes which file, by extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit.report import Report


def by_extension() -> dict[str, Callable[[Report], str]]:
    """Return the built-in file formats."""
    from auditkit.render import html, json_document, junit, markdown, sarif, terminal

    return {
        ".html": html.render,
        ".json": json_document.render,
        ".md": markdown.render,
        ".sarif": sarif.render,
        ".txt": terminal.render,
        ".xml": junit.render,
    }
