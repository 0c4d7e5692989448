"""Seconds of one process and of two, one thread each, for a sweep of mime and the runs of shasam; the same findings.

The start of the processes is in it, with all that they import: each job takes one process half a minute.
"""

import json
import os
import subprocess
import sys
import time

ASKED = {
    "mime": ("audit", "adult", "--with", "mime", "--groups", "sex", "--model", "RandomForestClassifier", "--trials",
             "12", "--train-size", "2000"),
    "shasam": ("repair", "adult", "--with", "shasam", "--sensitive", "sex", "--runs", "4", "--epochs", "5"),
}  # fmt: skip
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def ran(asked, jobs):
    """Return the seconds and the findings of one command."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "auditkit", *asked, "--json", "-j", str(jobs)],
        env=os.environ | ONE_THREAD,
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - begun, json.loads(done.stdout)["findings"]


def main():
    for name, asked in ASKED.items():
        (one, found), (two, alike) = ran(asked, 1), ran(asked, 2)
        same = "the same findings" if found == alike else "OTHER FINDINGS"
        print(
            f"{name}: {one:.1f} s by one process, {two:.1f} s by two, ratio {one / two:.2f}; {same}",
            flush=True,
        )


if __name__ == "__main__":
    main()
