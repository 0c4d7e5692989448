"""Writes the pages that are made from the program, or with --check says which of them are out of date."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
MADE = ("Made from the program by `make docs`; do not edit.", '"$schema": "https://json-schema.org/')
"""What a page holds that was made here."""
COMMANDS = (
    [], ["mine"], ["audit"], ["diff"], ["run"], ["report"], ["check"], ["waive"], ["waive", "add"],
    ["waive", "list"], ["waive", "check"], ["waive", "prune"], ["runs"], ["runs", "list"], ["runs", "show"],
    ["runs", "verify"], ["runs", "rerun"], ["runs", "export"], ["runs", "prune"], ["recipes"], ["datasets"], ["init"],
    ["plugins"], ["plugins", "list"], ["plugins", "show"], ["plugins", "new"], ["plugins", "check"], ["schema"],
    ["explain"], ["repair"], ["power"], ["doctor"], ["demo"],
)  # fmt: skip


def help_page() -> str:
    """Return docs/cli.md: the help of every command."""
    from auditkit.cli.app import run

    parts = ["# Commands\n\nMade from the program by `make docs`; do not edit.\n"]
    for words in COMMANDS:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            run([*words, "--help"])
        lines = "\n".join(line.rstrip() for line in out.getvalue().splitlines())
        parts.append(f"## {' '.join(['auditkit', *words])}\n\n```text\n{lines.strip()}\n```\n")
    return "\n".join(parts)


def metrics_page() -> str:
    """Return docs/metrics.md: every step with its method, and every metric with its formula."""
    from auditkit.plugins.host import load_plugins
    from auditkit.render.text.explanations import explain

    steps = load_plugins().steps
    parts = ["# Steps and metrics\n\nMade from the program by `make docs`; do not edit.\n"]
    parts += [f"## {name}\n\n```text\n{explain(name, steps)}\n```\n" for name in sorted(steps)]
    return "\n".join(parts)


def exit_codes_page() -> str:
    """Return docs/exit-codes.md."""
    from auditkit.values.exit_code import EXIT_CODES

    rows = "\n".join(f"| {int(code)} | {meaning} |" for code, meaning in EXIT_CODES.items())
    return (
        "# Exit codes\n\nMade from the program by `make docs`; do not edit. `--exit-zero` hides only 1 and 5.\n\n"
        f"| code | meaning |\n|---|---|\n{rows}\n"
    )


def schema_page() -> str:
    """Return docs/recipe.schema.json, for editors."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.schema import recipe_schema

    return json.dumps(recipe_schema(load_plugins().steps), indent=1, ensure_ascii=False) + "\n"


PAGES = {
    "cli.md": help_page,
    "metrics.md": metrics_page,
    "exit-codes.md": exit_codes_page,
    "recipe.schema.json": schema_page,
}


def main() -> int:
    """Write the pages, or compare them; the exit code is the number of pages that are out of date."""
    os.environ.update(COLUMNS="100", TERMINAL_WIDTH="100")
    stale = 0
    for name, make in PAGES.items():
        path, text = FOLDER / name, make()
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        if "--check" not in sys.argv:
            if old and not any(mark in old for mark in MADE):
                sys.exit(f"docs/{name} was not made by make docs, and is left as it is")
            path.write_text(text, encoding="utf-8")
        elif text != old:
            stale += 1
            sys.stderr.write(f"docs/{name} is out of date: run make docs\n")
    return stale


if __name__ == "__main__":
    sys.exit(main())
