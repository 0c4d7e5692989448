"""The audit `rates` from one pass over the rows, against a pass for every cut and class, in the same run."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from auditkit import Grouping, Subject
from auditkit.measures import count, intersections
from auditkit.plugins.host import load_plugins
from auditkit.testing import make_context
from auditkit_rates.rows.counts import counted, labels_of

ROWS, CLASSES, GROUPS, REPEATS = 1_000_000, 20, (2, 3, 4, 5), 3


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def made_subject() -> Subject:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, CLASSES, ROWS)
    predicted = np.where(rng.random(ROWS) < 0.7, truth, rng.integers(0, CLASSES, ROWS))
    names = np.array([f"class {i:02d}" for i in range(CLASSES)])
    groupings = tuple(
        Grouping(f"g{i}", tuple(map(str, range(g))), rng.integers(0, g, ROWS), ("",) * g)
        for i, g in enumerate(GROUPS)
    )
    table = pd.DataFrame({"y": names[truth], "p": names[predicted]})
    return Subject(table=table, target="y", pred="p", groupings=groupings)


def passes(subject, labels) -> int:
    """Count every cut over all classes, then over each class against the rest: a pass over the rows for each."""
    cuts = intersections(
        [g.codes for g in subject.groupings], [g.labels for g in subject.groupings], max_order=2, min_n=30
    )
    every = [(np.zeros(len(subject), dtype=np.int64), 1), *((cut.codes, len(cut.cells)) for cut in cuts)]
    for codes, groups in every:
        count(codes, labels.truth, labels.predicted, n_groups=groups, n_classes=CLASSES).rest()
        for positive in range(CLASSES):
            truth, predicted = (
                np.where(part < 0, -1, (part == positive).astype(np.int64))
                for part in (labels.truth, labels.predicted)
            )
            count(codes, truth, predicted, n_groups=groups, n_classes=2).rest()
    return len(every) * (CLASSES + 1)


def once(subject, labels, stats) -> None:
    for part in counted(subject, labels, stats):
        part.stacked()


def command_seconds(subject) -> float:
    """CPU seconds of `auditkit audit` on the same rows, start, reading, JSON and the kept run included.

    Its second run counts: the first may compile modules, which an installed program has done.
    """
    compiling = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        groups = {g.name: g.codes for g in subject.groupings}
        subject.table.assign(**groups).to_parquet(Path(folder) / "t.parquet")
        words = [
            "audit",
            "t.parquet",
            "--target",
            "y",
            "--pred",
            "p",
            "--groups",
            ",".join(groups),
            "-q",
        ]
        for output in ("first.json", "r.json"):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [Path(sys.executable).parent / "auditkit", *words, "-o", output],
                check=True,
                cwd=folder,
                capture_output=True,
                env=compiling,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    subject, context = made_subject(), make_context()
    labels = labels_of(subject, context.predictions(subject))
    step = load_plugins().step("rates")()
    cuts = 1 + len(GROUPS) + len(list(combinations(GROUPS, 2)))
    mine = statistics.median(seconds(lambda: once(subject, labels, context.stats)) for _ in range(REPEATS))
    theirs = statistics.median(seconds(lambda: passes(subject, labels)) for _ in range(REPEATS))
    whole = statistics.median(
        seconds(lambda: step.run(subject, step.Params(), context)) for _ in range(REPEATS)
    )
    print(f"{ROWS:,} rows, {CLASSES} classes, {cuts} cuts, medians of {REPEATS}")
    print(f"counts     one pass {mine:.3f} s, {cuts * (CLASSES + 1)} passes {theirs:.3f} s")
    print(f"ratio      {theirs / mine:.1f} times faster")
    print(f"whole step {whole:.3f} s; with the passes {whole - mine + theirs:.3f} s")
    command = command_seconds(subject)
    print(f"whole command {command:.1f} s of CPU; with the passes {command - mine + theirs:.1f} s")


if __name__ == "__main__":
    main()
