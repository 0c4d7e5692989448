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
