"""Whatever lies around: no command opens a connection, runs a file of the working folder, or obeys a plugin that lies."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ENDS = ("html", "json", "md", "txt", "sarif", "xml")
WATCHED = """
import sys
def watch(event, given):
    if event.startswith("socket.") and event not in {"socket.__new__", "socket.gethostname"}:
        if event != "socket.connect" or not isinstance(given[1], (str, bytes)):  # a path is a socket of this machine
            print("OPENED", event, given, file=sys.__stderr__, flush=True)
            raise PermissionError("no connections here")
sys.addaudithook(watch)
from auditkit.cli.app import run
for words in map(str.split, sys.argv[1:]):
    code = run(words)
    if code not in {0, 1, 5}:
        sys.exit(f"{words} ended in {code}")
"""
DATA = "t.csv --target y --pred p --positive 1 --groups sex"
COMMANDS = [
    "--version", "--help", "recipes", "datasets", "plugins list", "plugins show rates", "plugins check rates",
    "plugins new hard_rows", "schema", "explain tpr", "doctor", "power t.csv --target y --groups sex",
    f"audit {DATA} " + " ".join(f"-o r.{end}" for end in ENDS), f"audit {DATA} --redact --json", "report last",
    "mine t.csv --target y --pred p --positive 1 --top 1", "mine german_credit --with minoria.focus --top 1",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    rows = "".join(f"{'FM'[i % 2]},{i % 3 % 2},{i % 5 % 2},{i * 7 % 31}\n" for i in range(300))
    (tmp_path / "t.csv").write_text("sex,y,p,x\n" + rows)
    return tmp_path


def test_no_command_opens_a_connection(folder):
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *COMMANDS], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "OPENED" not in done.stderr


def test_the_watch_sees_a_connection(folder):
    code = WATCHED.replace(
        "from auditkit", "import socket; socket.create_connection(('127.0.0.1', 9))\nfrom auditkit"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert "OPENED" in done.stderr
    assert done.returncode != 0


NAMES = (
    "numpy", "pandas", "json", "random", "typing", "string", "torch", "scipy", "sklearn", "auditkit", "auditkit_rates",
    "plugins", "typer", "rich", "yaml", "socket", "sitecustomize", "usercustomize", "conftest", "setup", "secrets",
)  # fmt: skip


def test_no_file_of_the_working_folder_is_run(folder):
    for name in NAMES:
        (folder / f"{name}.py").write_text("open('RAN', 'a').write(__name__)\n")
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "__init__.py").write_text("open('RAN', 'a').write(__name__)\n")
    (folder / ".env").write_text("AUDITKIT_PLUGINS=evil\n")
    (folder / "pyproject.toml").write_text("[tool.auditkit]\nmodel = 'evil:model'\n")
    (folder / "auditkit.yaml").write_text("data: {model: 'evil:model'}\n")
    (folder / ".auditkit" / "runs" / "2020-01-01T00-00-00-000").mkdir(parents=True)
    (folder / ".auditkit" / "runs" / "2020-01-01T00-00-00-000" / "report.json").write_text("[[[")
    (folder / ".auditkit" / "unfinished").write_text("no folder")
    program = shutil.which("auditkit", path=str(Path(sys.executable).parent))
    for words in (f"audit {DATA} -o r.html", "plugins list", "report last"):
        done = subprocess.run([program, *words.split()], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
    assert not (folder / "RAN").exists()


LISTED = ("datasets", "recipes", "schema", "explain tpr", "report last", "check last", "runs verify last")


def test_every_command_names_a_plugin_that_was_set_aside(folder):
    package = folder / "site" / "lying-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: lying\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[auditkit]\nlying = lying\n")
    (package.parent / "lying.py").write_text("raise RuntimeError('torn')\n")
    path = os.pathsep.join([str(package.parent), os.environ.get("PYTHONPATH", "")])
    code = "import sys; from auditkit.cli.app import run\nfor words in sys.argv[1:]:\n print('##', words, file=sys.stderr); run(words.split())"
    done = subprocess.run(
        [sys.executable, "-c", code, f"audit {DATA}", *LISTED], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    for told in done.stderr.split("## ")[1:]:
        assert told.count("plugin 'lying' (lying 1.0) was set aside: RuntimeError: torn") == 1, told


LIES = {
    "prints escapes": "print('\\x1b[31mred'); sys.stderr.write('\\x1b[31mred')",
    "leaves": "sys.exit(0)",
    "raises escapes": "raise RuntimeError('\\x1b[31mred\\nauditkit: PASS')",
    "raises what cannot be read": "class Bad(Exception):\n        __str__ = lambda self: 1 / 0\n    raise Bad",
    "recurses": "f = lambda: f()\n    f()",
    "asks for all memory": "raise MemoryError",
    "generator exit": "raise GeneratorExit",
    "no steps": "return 7",
    "steps that are none": "return [int, 'x', None]",
    "takes standard output": "sys.stdout = None",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_plugin_that_lies_costs_its_steps_and_nothing_else(folder, lie):
    body = f"import sys\nfrom auditkit import hookimpl\n\n@hookimpl\ndef auditkit_audits():\n    {LIES[lie]}\n    return []\n"
    (folder / "lying.py").write_text(body)
    package = folder / "lying-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: lying\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[auditkit]\nlying = lying\n")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    main = [sys.executable, "-c", "from auditkit.cli.app import main; main()"]
    done = subprocess.run(
        [*main, "audit", *DATA.split(), "--json"], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")
    assert "\x1b" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "auditkit: PASS" not in done.stderr.splitlines()
