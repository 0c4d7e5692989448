"""Changes the code in small ways and counts whether a test fails: `python -m mutants [ROOM ...]`, in tests/.

One room after the other, each in a folder of its own below .mutants/. What no test saw is listed there as unseen.md.
A room below its share ends the run with exit code 1. `--sample 200` tries that many changes of each room, drawn at random.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

from mutants.rooms import ROOMS
from mutants.scratch import prepare

ROOT = Path(__file__).parents[2]
SEEN = frozenset({"killed", "timeout", "segfault", "caught by type check"})


def main() -> int:
    """Run the rooms, print their scores, and return 1 if one is below its share."""
    parser = argparse.ArgumentParser(prog="python -m mutants")
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; default: all")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--sample", type=int, metavar="N", help="changes of each room; default: all")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    given = parser.parse_args()
    low = False
    for name in given.rooms or ROOMS:
        scratch = ROOT / ".mutants" / name
        prepare(ROOT, scratch, ROOMS[name])
        chosen = [] if given.sample is None else drawn(scratch, given.sample, given.seed)
        mutmut(scratch, *chosen, workers=given.workers)
        share, counts = score(scratch)
        low = low or share < ROOMS[name].at_least
        print(
            f"{name}: {share:.1%} seen of {counts.total()} ({', '.join(f'{n} {s}' for s, n in counts.items())})"
        )
    return int(low)


def mutmut(scratch: Path, *chosen: str, workers: int = 1, check: bool = True) -> None:
    """Try the changes `chosen`, all of them if none is named."""
    run = [sys.executable, "-m", "mutmut", "run", "--max-children", str(workers), *chosen]
    subprocess.run(run, cwd=scratch, check=check, env=os.environ | {"PYTHONPATH": ""})


def drawn(scratch: Path, size: int, seed: int) -> list[str]:
    """Return the names of `size` changes drawn at random without replacement."""
    # changes are made by a run only: this one ends before its first test
    mutmut(scratch, "none of them", check=False)
    names = [name for meta in metas(scratch) for name in ends_of(meta)]
    return random.Random(seed).sample(names, min(size, len(names)))


def metas(scratch: Path) -> list[Path]:
    """Return the files in which mutmut keeps what became of a module's changes."""
    return sorted((scratch / "mutants").rglob("*.py.meta"))


def ends_of(meta: Path) -> dict[str, int | None]:
    """Return the exit code of each change of a module, None for one that was not tried."""
    ends: dict[str, int | None] = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return ends


def score(scratch: Path) -> tuple[float, Counter[str]]:
    """Return the share of a room's changes that a test saw, and how many ended how; list the others in unseen.md."""
    os.chdir(scratch)
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.stats import status_by_exit_code

    ends: Counter[str] = Counter()
    unseen = []
    for meta in metas(Path()):
        path = meta.relative_to("mutants").with_suffix("")
        for mutant, code in ends_of(meta).items():
            if code is None:
                continue
            end = status_by_exit_code[code]
            ends[end] += 1
            if end not in SEEN:
                diff = get_diff_for_mutant(mutant, path=path).splitlines()
                changed = [line for line in diff if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
                unseen.append("\n".join([f"{path} {mutant.rpartition('.')[2]}: {end}", *changed]))
    Path("unseen.md").write_text("\n\n".join(unseen) + "\n", encoding="utf-8")
    return sum(ends[end] for end in SEEN) / max(ends.total(), 1), ends


if __name__ == "__main__":
    sys.exit(main())
