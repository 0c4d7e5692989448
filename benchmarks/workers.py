"""Seconds of one process and of two, one thread each, for a sweep of mime and the runs of shasam; the same findings."""

import json
import subprocess
import sys
import time

ASKED = {
    "mime": ("audit", "adult", "--with", "mime", "--groups", "sex", "--model", "RandomForestClassifier", "--trials",
             "4", "--train-size", "2000"),
    "shasam": ("repair", "german_credit", "--with", "shasam", "--groups", "sex", "--runs", "4", "--epochs", "20"),
}  # fmt: skip


def ran(asked, jobs):
    """Return the seconds and the findings of one command."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "auditkit", *asked, "--json", "-j", str(jobs)], capture_output=True, check=True
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
