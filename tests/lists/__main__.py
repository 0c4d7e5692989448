"""Small retrieval problems against every list there is: `python -m lists [--problems 300] [--seed 0]`.

Linear functions by cone, lp, qp and integer, groups by lp and integer, trees of one or two levels by lp, and limits on
prefixes: MPR, similarity, the least MPR, bounds and proofs. Prints the score, and returns 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import sys

from plugins.mpr.exact.judged import assert_problem
from plugins.mpr.nested.judged import assert_nested


def main() -> int:
    """Run the problems and count those with an answer that enumeration refutes."""
    parser = argparse.ArgumentParser(prog="python -m lists")
    parser.add_argument("--problems", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    wrong, there, found = 0, 0, 0
    for seed in range(given.seed * given.problems, (given.seed + 1) * given.problems):
        try:
            assert_problem(seed)
            for kind in ("linear", "groups"):
                exist, kept = assert_nested(seed, kind)
                there, found = there + exist, found + kept
        except AssertionError as error:
            wrong += 1
            print(f"problem {seed}: {str(error).splitlines()[0]}", flush=True)
    print(
        f"{given.problems} problems against every list, {wrong} went wrong; of {there} limits on prefixes that a list "
        f"keeps, one was found for {found}"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
