"""Mines planted groups and null data many times, and prints the score: `python -m mining [--runs 300] [WORD ...]`."""

from __future__ import annotations

import argparse
import sys

from mining.scenarios import scenarios
from mining.tables import BROUGHT


def main() -> int:
    """Run the scenarios whose name has one of the words, print each score, and return 1 if a bound is broken."""
    parser = argparse.ArgumentParser(prog="python -m mining")
    parser.add_argument("words", nargs="*", metavar="WORD", help="of a scenario's name; default: all of them")
    parser.add_argument("--runs", type=int, default=300, help="with nothing to find, of each scenario")
    parser.add_argument("--planted", type=int, default=20, help="with a planted group, of each scenario")
    parser.add_argument("--seed", type=int, default=0)
    for name in BROUGHT:
        parser.add_argument(
            f"--{name}", metavar="FILE", help=f"the file that the recipe minoria-{name} asks for"
        )
    given = parser.parse_args()
    brought = {name: getattr(given, name) for name in BROUGHT if getattr(given, name)}
    wrong = total = 0
    for one in scenarios(brought):
        if given.words and not any(word in one.name for word in given.words):
            continue
        runs = given.planted if one.planted else given.runs
        for score in one.run(range(given.seed, given.seed + runs)):
            print(score.line, flush=True)
            total, wrong = total + 1, wrong + (not score.holds)
    print(f"{total} scores, {wrong} broken")
    return int(bool(wrong) or not total)


if __name__ == "__main__":
    sys.exit(main())
