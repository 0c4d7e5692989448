"""What a process of the command line sets before anything is loaded, and what it leaves alone."""

import os
import subprocess
import sys

import pytest

from auditkit.cli.app import IDLE_SPIN

START = """
import os, sys
from auditkit.cli.app import main
try:
    main(["--version"])
finally:
    print(os.environ.get("OPENBLAS_THREAD_TIMEOUT"), "numpy" in sys.modules, file=sys.stderr)
"""
SPUN = """
import os, time
import numpy, threadpoolctl
threads = max([pool["num_threads"] for pool in threadpoolctl.threadpool_info()], default=1)
numpy.ones((400, 400)) @ numpy.ones((400, 400))
before = time.process_time()
time.sleep(0.2)
print(threads, time.process_time() - before)
"""


def said(script, **environment):
    known = {key: value for key, value in os.environ.items() if key != IDLE_SPIN[0]}
    return subprocess.run(
        [sys.executable, "-c", script], env=known | environment, capture_output=True, text=True, check=True
    )


@pytest.mark.parametrize(("own", "kept"), [({}, IDLE_SPIN[1]), ({IDLE_SPIN[0]: "26"}, "26")])
def test_idle_threads_are_told_to_sleep_before_numpy_is_loaded_unless_somebody_said_otherwise(own, kept):
    assert said(START, **own).stderr.split() == [kept, "False"]


def test_idle_threads_sleep():
    threads, spun = said(SPUN, **dict([IDLE_SPIN])).stdout.split()
    assert float(spun) < 0.02 * int(threads)


def commands(*words):
    """The commands of the program that is made for these words, and the module of each that was loaded."""
    script = (
        "import sys; from auditkit.cli.program import build; "
        f"print(*build({list(words)}).commands); "
        "print(*[name.rpartition('.')[2] for name in sys.modules if name.startswith('auditkit.cli.commands.')])"
    )
    made, loaded = said(script).stdout.splitlines()
    return made.split(), {name for name in loaded.split() if name != "stored"}


@pytest.mark.parametrize("words", [["doctor"], ["schema", "recipe"], ["run", "nothing.yaml"]])
def test_a_command_that_is_called_is_the_only_one_that_is_made(words):
    assert commands(*words) == ([words[0]], {words[0]})


@pytest.mark.parametrize("words", [["--help"], [], ["audti", "t.csv"], ["--version", "audit"]])
def test_help_and_errors_know_every_command(words):
    made, _ = commands(*words)
    assert {"audit", "mine", "repair", "diff", "power", "run", "waive", "runs", "plugins", "demo"} <= set(
        made
    )
