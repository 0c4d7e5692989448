"""Ends runs at random points and goes on with them: `python -m kill [--points 20] [--seed 0] [KIND ...]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from kill.runs import COMMANDS, killed, straight


def main() -> int:
    """End the runs, print the score, and return 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m kill")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(COMMANDS)}; default: all")
    parser.add_argument("--points", type=int, default=20, help="of each kind")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    wrong, total = 0, 0
    for kind in given.kinds or list(COMMANDS):
        with tempfile.TemporaryDirectory(prefix="kill-") as folder:
            whole, started = straight(kind, Path(folder)), 0
            for seed in range(given.seed, given.seed + given.points):
                found = killed(kind, Path(folder), seed, whole=whole)
                total += 1
                wrong += bool(found.problem)
                started += found.finished > 0
                if found.problem:
                    print(
                        f"{kind} {seed}, {found.signal} after {found.seconds:.2f} s: {found.problem}",
                        flush=True,
                    )
        print(
            f"{kind}: {given.points} ended and gone on with, {started} of them with finished work; "
            f"a whole run takes {whole.seconds:.1f} s",
            flush=True,
        )
    print(f"{total} runs were ended, {wrong} went wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
