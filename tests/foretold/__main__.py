"""Runs every kind of step at two sizes and compares what was foretold with what it took: `python -m foretold`."""

import sys
import tempfile
from pathlib import Path

from foretold.measured import CASES, wrong


def main() -> int:
    """Run the cases one after the other, print those beyond a factor of two, and return 1 if there are any."""
    beyond = 0
    for use, n, params in CASES:
        with tempfile.TemporaryDirectory(prefix="foretold-") as folder:
            if told := wrong(Path(folder), use, n, params):
                beyond += 1
                print(f"{use}, {n:,} rows: {told}", flush=True)
    print(f"{len(CASES)} runs, {beyond} beyond a factor of two of the seconds or the memory foretold")
    return int(bool(beyond))


if __name__ == "__main__":
    sys.exit(main())
