"""The report formats that come with auditkit, through the same door as a plugin's.

Adding a format is one file below this room and one entry here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from auditkit.plugins.hookspecs import hookimpl
from auditkit.values.offers import Renderer

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit.values.report import Report

FORMATS = (
    ("html", "auditkit.render.page.html", (".html",)),
    ("json", "auditkit.render.machine.json_document", (".json",)),
    ("markdown", "auditkit.render.text.markdown", (".md",)),
    ("sarif", "auditkit.render.machine.sarif", (".sarif", ".sarif.json")),
    ("text", "auditkit.render.text.text_document", (".txt",)),
    ("junit", "auditkit.render.machine.junit", (".xml",)),
    ("github", "auditkit.render.machine.github", (".github",)),
    ("gitlab", "auditkit.render.machine.gitlab", (".gitlab.json",)),
    ("azure", "auditkit.render.machine.azure", (".azure",)),
)
"""Name, module with `render(report) -> str`, and extensions."""


@hookimpl
def auditkit_renderers() -> tuple[Renderer, ...]:
    """Return the built-in formats; their modules are imported when one is used."""
    return tuple(Renderer(name, _late(module), extensions) for name, module, extensions in FORMATS)


def _late(module: str) -> Callable[[Report], str]:
    def render(report: Report) -> str:
        text: str = import_module(module).render(report)
        return text

    return render
