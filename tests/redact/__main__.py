"""Attacks the redacted reports of random tables: `python -m redact [--tables 100] [--seed 0] [--counts 40]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from redact.attacked import attacked


def main() -> int:
    """Attack the reports, print the score, and return 1 if a small count was found out."""
    parser = argparse.ArgumentParser(prog="python -m redact")
    parser.add_argument("--tables", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--counts", type=int, default=40, help="small counts to attack of each table, at most"
    )
    given = parser.parse_args()
    small, late, wrong = 0, 0, 0
    for seed in range(given.seed, given.seed + given.tables):
        with tempfile.TemporaryDirectory(prefix="redact-") as folder:
            try:
                found = attacked(seed, Path(folder), most=given.counts)
                small, late = small + found[0], late + found[1]
            except AssertionError as error:
                wrong += 1
                print(f"table {seed}: {str(error) or 'an equation is wrong'}", flush=True)
    print(
        f"{given.tables} tables with {small:,} small counts, up to {given.counts} attacked of each, {late} beyond the solver; "
        f"{wrong} went wrong"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
