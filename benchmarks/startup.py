"""Claims: `auditkit --help` takes at most 150 ms of CPU with five plugins installed, and `import auditkit` no numpy.

Beside it, in the same run: a bare interpreter, `import numpy`, `import pandas`, and fairlearn's public door. Plugins
are made up to five by entry points of a folder that only this script sees.
"""

import os
import resource
import subprocess
import sys
import tempfile
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np

REPEATS, LIMIT = 11, 0.150
WANTED = 5


def cpu_seconds(command, environment):
    """Return the median of user + system seconds of a command's processes."""
    taken = []
    for _ in range(REPEATS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return float(np.median(taken))


def with_more_plugins(folder):
    """Write small plugins into a folder until five are installed, and return how many there are."""
    there = {point.name for point in entry_points(group="auditkit")}
    lines = []
    for i in range(max(0, WANTED - len(there))):
        (folder / f"made_{i}.py").write_text("from auditkit import hookimpl, Audit\n")
        lines.append(f"made_{i} = made_{i}")
    information = folder / "made-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: made\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("\n".join(["[auditkit]", *lines, ""]))
    return len(there) + len(lines)


def main():
    python = sys.executable
    loaded = subprocess.run(
        [python, "-c", "import sys, auditkit; print('numpy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    with tempfile.TemporaryDirectory() as name:
        plugins = with_more_plugins(Path(name))
        environment = os.environ | {"PYTHONPATH": name}
        program = str(Path(python).with_name("auditkit"))
        times = {
            "python -c pass": cpu_seconds([python, "-c", "pass"], environment),
            "import auditkit": cpu_seconds([python, "-c", "import auditkit"], environment),
            f"auditkit --help, {plugins} plugins": cpu_seconds([program, "--help"], environment),
            f"auditkit mine --help, {plugins} plugins": cpu_seconds([program, "mine", "--help"], environment),
            "import numpy": cpu_seconds([python, "-c", "import numpy"], environment),
            "import pandas": cpu_seconds([python, "-c", "import pandas"], environment),
            "import fairlearn.metrics": cpu_seconds([python, "-c", "import fairlearn.metrics"], environment),
        }
    for what, seconds in times.items():
        print(f"{what:36} {1e3 * seconds:6.0f} ms CPU, median of {REPEATS}")
    ours = times[f"auditkit --help, {plugins} plugins"]
    print(f"import auditkit loads numpy: {loaded}")
    print(
        f"fairlearn's import takes {times['import fairlearn.metrics'] / ours:.0f} times as long as auditkit --help"
    )
    return int(ours > LIMIT or loaded != "False")


if __name__ == "__main__":
    sys.exit(main())
