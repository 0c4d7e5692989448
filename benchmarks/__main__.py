"""Runs the scripts of this folder, each in a process of its own: `python -m benchmarks [NAME ...]`.

Without names, all but those that train for hours or only print prices; `--list` names every one. Together they take
some twelve minutes.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
HOURS = {"shasam_methods", "shasam_experiment"}
PRICES = {"costs"}


def main():
    every = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
    names = sys.argv[1:] or [name for name in every if name not in HOURS | PRICES]
    if "--list" in names:
        print("\n".join(every))
        return 0
    if unknown := sorted(set(names) - set(every)):
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(every)}", file=sys.stderr)
        return 2
    failed = []
    for name in names:
        print(f"\n{name}", flush=True)
        if subprocess.run([sys.executable, FOLDER / f"{name}.py"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
