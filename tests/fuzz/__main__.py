"""Runs changed inputs of every kind and counts what went wrong: `python -m fuzz [--inputs 2000] [--seed 0] [KIND ...]`.

Each worker is a process of its own, so that a crash in a library is counted and not suffered.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from fuzz.inputs import KINDS
from fuzz.workers import verdicts


def main() -> int:
    """Run the inputs, print the score, and return 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; default: all")
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path, help="file for every input that went wrong, with its error")
    given = parser.parse_args()
    kinds = given.kinds or list(KINDS)
    tasks = [(kinds[i % len(kinds)], given.seed + i // len(kinds)) for i in range(given.inputs)]
    tasks.sort(key=lambda task: kinds.index(task[0]))
    ends: Counter[tuple[str, str]] = Counter()
    slowest, wrong = 0.0, []
    for done, verdict in enumerate(verdicts(tasks), start=1):
        ends[verdict.kind, verdict.problem.partition(":")[0] or f"exit {verdict.code}"] += 1
        slowest = max(slowest, verdict.seconds)
        if verdict.problem:
            wrong.append(verdict)
            print(f"{verdict.kind} {verdict.seed}: {verdict.problem}", flush=True)
            if given.log:
                with given.log.open("a", encoding="utf-8") as log:
                    log.write(f"=== {verdict.kind} {verdict.seed}: {verdict.problem}\n{verdict.error}\n")
        if done % 200 == 0:
            print(f"{done:,} of {len(tasks):,}, {len(wrong)} wrong", file=sys.stderr, flush=True)
    for kind in kinds:
        print(f"{kind}: {', '.join(f'{n} {end}' for (one, end), n in sorted(ends.items()) if one == kind)}")
    print(f"{len(tasks):,} inputs, {len(wrong)} went wrong; the slowest took {slowest:.1f} s")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
