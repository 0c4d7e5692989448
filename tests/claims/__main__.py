"""Counts what `diff` claims of pairs of models: `python -m claims [--repeats 300] [--seed 0]`.

Where no group changed, some group is said to be worse in no more runs than the level allows; a group of 2,500 of 5,000
rows whose selection rate fell by 3 points, while a tenth of its decisions changed, is found in most.
"""

from __future__ import annotations

import argparse
import sys

from claims.drawn import KINDS, LEAST_FOUND, MOST_FALSE, share


def main() -> int:
    """Print the shares of all kinds, and return 1 if one is beyond its bound."""
    parser = argparse.ArgumentParser(prog="python -m claims")
    parser.add_argument("--repeats", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    wrong = 0
    for kind in KINDS:
        found = share(kind, given.repeats, seed=given.seed)
        good = found >= LEAST_FOUND if kind == "planted" else found <= MOST_FALSE
        wrong += not good
        print(f"{kind}: {found:.1%} of {given.repeats} {'' if good else 'BEYOND ITS BOUND'}", flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
