"""Reports on standard output: a CI runner reads in them the commands that a format is made of, and no other."""

from __future__ import annotations

import sys

from auditkit.cli.console.streams import AsIs
from auditkit.cli.console.terminal import print_whole

COMMANDS = frozenset({"github", "azure"})
"""Formats that are made of commands to a runner."""
_ESCAPED = {
    "json": "\\u0023#",
    "sarif": "\\u0023#",
    "gitlab": "\\u0023#",
    "html": "&#35;#",
    "junit": "&#35;#",
}
"""How a format writes ## without the characters that a runner reads as a command; it says the same."""


def print_document(text: str, form: str) -> None:
    """Print a report of a format on standard output, such that no runner reads a command in what it says."""
    text = text if text.endswith("\n") else f"{text}\n"
    if form in COMMANDS:
        print_commands(text)
        return
    if form in _ESCAPED:
        for command in ("##[", "##vso["):
            text = text.replace(command, _ESCAPED[form] + command.removeprefix("##"))
    print_whole(text)


def print_commands(text: str) -> None:
    """Print the text on standard output with the commands to a CI runner that it is made of."""
    stream = AsIs(sys.stdout)
    stream.write(text)
    stream.flush()
