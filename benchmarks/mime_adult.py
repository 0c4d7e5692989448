"""The recipes of the Adult census from start to end, each in a process of its own: seconds and memory.

mime-adult, the paper's DS-5, takes minutes.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory


def run(recipe, folder):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [Path(sys.executable).parent / "auditkit", "run", recipe, "--json"],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    gain = next(f for f in json.loads(done.stdout)["findings"] if f["metric"] == "gain")
    told = f"wall {wall:6.1f} s   CPU {cpu:6.1f} s   {after.ru_maxrss / 1e6:.2f} GB"
    print(f"{recipe:18} {told}   {gain['details']['verdict']}", flush=True)


def main():
    with TemporaryDirectory() as folder:
        for recipe in ("mime-adult-quick", *(sys.argv[1:] or ("mime-adult",))):
            run(recipe, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
