"""Names that a table brings are shown and not obeyed, on standard output and error, in files and in JSON."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditkit.values.shown.hidden import HIDDEN

NAMES = {
    "a title and a colour": "a\x1b]0;evil\x07\x1b[31m",
    "one byte's escape": "a\x9b31m",
    "another direction": "a\u202eb\u2066c",
    "no width": "a\u200bb\u2060c\ufeff",
    "tags": "a\U000e0041\U000e007f",
}
COMMANDS = {
    "an audit": ["audit", "t.csv", "--target", "y", "--pred", "p", "--groups", "NAME", "-v"],
    "an audit as JSON": ["audit", "t.csv", "--target", "y", "--pred", "p", "--groups", "NAME", "--json"],
    "a forecast": ["power", "t.csv", "--target", "y", "--pred", "p", "--groups", "NAME"],
    "a forecast as JSON": ["power", "t.csv", "--target", "y", "--pred", "p", "--groups", "NAME", "--json"],
    "runs": ["runs", "list"],
    "runs as JSON": ["runs", "list", "--json"],
    "a run": ["runs", "show", "last"],
    "a column that is missing": ["audit", "t.csv", "--target", "y", "--pred", "p", "--groups", "noNAME"],
    "a file that is missing": ["audit", "NAME.csv", "--target", "y"],
    "a command": ["NAME"],
    "a word to explain": ["explain", "NAME"],
    "a recipe written": [
        *("audit", "t.csv", "--target", "y", "--pred", "p", "--groups", "NAME"),
        *("--as-recipe", "a.yaml", "-o", "a.json", "-o", "a.md"),
    ],
}


def shows(text):
    return HIDDEN.sub("", text.replace("\n", "")) == text.replace("\n", "")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_name_hides_is_shown(cli, name, command):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"y": rng.integers(2, size=200), "p": rng.integers(2, size=200)})
    table[NAMES[name]] = rng.choice([NAMES[name], "b"], 200)
    table.to_csv("t.csv", index=False)
    if command.startswith(("runs", "a run")):
        assert cli("audit", "t.csv", "--target", "y", "--pred", "p", "--groups", NAMES[name]).code == 0
    done = cli(*(word.replace("NAME", NAMES[name]) for word in COMMANDS[command]))
    assert done.code in {0, 2, 4}
    assert shows(done.out)
    assert shows(done.err)
    if "JSON" in command:
        assert NAMES[name] in str(json.loads(done.out)) or HIDDEN.search(str(json.loads(done.out))) is None
    for path in Path().glob("a.*"):
        assert shows(path.read_text("utf-8")), path


def test_a_recipe_that_was_written_with_such_names_reads_back(cli):
    name = "".join(NAMES.values()).replace("\x1b", "").replace("\x07", "")
    table = pd.DataFrame({"y": [0, 1] * 50, "p": [0, 1, 1, 0] * 25, name: ["a", "b"] * 50})
    table.to_csv("t.csv", index=False)
    roles = ["--target", "y", "--pred", "p", "--groups", name, "--favourable", "1"]
    done = cli("audit", "t.csv", *roles, "--as-recipe", "a.yaml")
    assert done.code == 0, done.err
    done = cli("run", "a.yaml", "--json")
    assert done.code == 0, done.err
    assert any(finding["group"] == f"{name}=a" for finding in done.report["findings"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_words_and_hears_nothing_else(cli, monkeypatch, shell):
    monkeypatch.setenv(
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1"
    )  # which shell started this is no matter
    done = cli("--show-completion", shell)
    assert (done.code, done.err) == (0, "")
    assert "_AUDITKIT_COMPLETE" in done.out
    monkeypatch.setenv("_AUDITKIT_COMPLETE", "complete_sh")
    done = cli()
    assert (done.code, done.err) == (2, "Shell sh not supported.\n")
    monkeypatch.setenv("_AUDITKIT_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("COMP_WORDS", "auditkit rep")
    monkeypatch.setenv("COMP_CWORD", "1")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "auditkit rep")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    done = cli()
    assert done.code == 0
    assert done.err == ""
    assert "repair" in done.out
