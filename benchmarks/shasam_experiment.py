"""Does mining help? The experiment that docs/shasam-experiment.md plans: one row of a CSV for every training.

`python benchmarks/shasam_experiment.py run benchmarks/shasam_experiment.csv` trains what the file has not, in the order
of the plan; `... report FILE` prints the tables of the page. One thread; about 45 processor minutes in all.
"""

import argparse
import csv
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import torch
from scipy.stats import t
from shasam_methods import SETS

from auditkit_shasam.mining import Mining, drawn
from auditkit_shasam.training import Settings, fit
from auditkit_shasam.training.balance import equalized_odds
from auditkit_shasam.training.encoders.features import encode
from auditkit_shasam.training.second_stage import Featured, train_classifier

SEEDS = range(7000, 7010)
FEWEST = 5
"""Pairs of seeds that a change is reported of."""
MARGIN = 0.005
"""Accuracy that mining may cost."""
FL = "facility_location"
ARMS = {
    "random": drawn(),
    "fl": Mining(anchors="random", positives=FL, negatives=FL),
    "semihard:8": Mining(anchors="random", positives="random", negatives="semihard", semihard=8),
}
ANCHORS = {
    "fl, fl anchors": replace(ARMS["fl"], anchors=FL),
    "fl, logdet anchors": replace(ARMS["fl"], anchors="log_determinant"),
}
SUPCON = {"loss": "supcon", "joint": 0.0}
PLAN = (
    ("planted", "flcmi+ce", {}, ARMS, SEEDS),
    ("shapes", "flcmi+ce", {}, ARMS, SEEDS),
    ("planted", "flcmi+ce", {}, ANCHORS, SEEDS),
    ("planted", "supcon", SUPCON, ARMS, SEEDS),
    ("adult", "flcmi+ce", {}, ARMS, SEEDS[:5]),
)
"""Data, loss, its settings, arms, seeds: the first two are primary, the others secondary, in the order of running."""
COLUMNS = (
    "data", "loss", "arm", "seed", "balance", "accuracy", "odds", "epochs", "kept", "stopped", "seconds",
    "positives", "random_positives", "negatives", "random_negatives", "curve",
)  # fmt: skip


def trained(data, changes, mining, seed, sets):
    """Yield a CSV row, as a dictionary, for each balance of the classifier on one encoder."""
    _, encoder, common = SETS[data]
    train, validation, test = sets
    settings = replace(Settings(), **common, **changes, mining=mining, balance="rows")
    start = time.process_time()
    model = fit(train, validation, encoder=encoder, settings=settings, seed=seed)
    seconds = time.process_time() - start
    first = model.first
    hardness = first.epochs[first.kept].hardness
    curve = ";".join(f"{e.probed.accuracy:.4f}/{e.probed.gap:.4f}/{e.seconds:.2f}" for e in first.epochs)
    parts = [Featured(encode(model.encoder, rows.inputs), rows.cells) for rows in (train, validation)]
    for balance in ("rows", "auto"):
        second = model.second
        if balance == "auto":
            second = train_classifier(*parts, settings=replace(settings, balance="auto"), seed=seed)
        predicted = replace(model, second=second).probabilities(test.inputs).argmax(axis=1)
        yield {
            "balance": balance,
            "accuracy": float((predicted == test.cells.target).mean()),
            "odds": equalized_odds(predicted, test.cells),
            "epochs": len(first.epochs),
            "kept": first.kept + 1,
            "stopped": first.stopped.words if first.stopped else "",
            "seconds": round(seconds, 2),
            **({} if hardness is None else {k: round(v, 4) for k, v in vars(hardness).items()}),
            "curve": curve,
        }


def run(path, seeds, plan=PLAN):
    """Train what the file lacks; every row is written as soon as it is there."""
    torch.set_num_threads(1)
    done = set()
    if path.exists():
        table = pd.read_csv(path)
        done = set(zip(table["data"], table["loss"], table["arm"], table["seed"], strict=True))
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not done:
            writer.writeheader()
        for data, loss, changes, arms, planned in plan:
            for seed in seeds or planned:
                if all((data, loss, arm, seed) in done for arm in arms):
                    continue
                sets = SETS[data][0](seed)
                for arm, mining in arms.items():
                    if (data, loss, arm, seed) not in done:
                        key = {"data": data, "loss": loss, "arm": arm, "seed": seed}
                        writer.writerows({**key, **row} for row in trained(data, changes, mining, seed, sets))
                        file.flush()


def change(part, arm, column):
    """Return the values of an arm less those of random rows, paired by seed."""
    wide = part.pivot_table(index="seed", columns="arm", values=column)
    return (wide[arm] - wide["random"]).dropna().to_numpy()


def mean_and_error(values):
    return values.mean(), values.std(ddof=1) / len(values) ** 0.5


def changes(table):
    """Yield every arm's paired changes against random: key, EO's mean, error and p, accuracy's mean and error, n."""
    for (data, loss, balance), part in table.groupby(["data", "loss", "balance"], sort=False):
        for arm in (name for name in part["arm"].unique() if name != "random"):
            odds, accuracy = (change(part, arm, column) for column in ("odds", "accuracy"))
            if len(odds) < FEWEST:
                continue
            mean, error = mean_and_error(odds)
            p = 2 * t.sf(abs(mean / error), len(odds) - 1)
            yield (data, loss, balance, arm), (mean, error, p), mean_and_error(accuracy), len(odds)


def head(*names):
    print(f"\n| {' | '.join(names)} |\n{'|---' * len(names)}|")


def report(path):
    table = pd.read_csv(path)
    head("data", "loss", "classifier", "rows", "seeds", "accuracy", "EO mean", "processor seconds")
    for keys, part in table.groupby(["data", "loss", "balance", "arm"], sort=False):
        means = f"{part['accuracy'].mean():.4f} | {part['odds'].mean():.4f} | {part['seconds'].mean():.1f}"
        print(f"| {' | '.join(keys)} | {len(part)} | {means} |")
    head("data", "loss", "classifier", "rows", "change of EO", "p", "change of accuracy", "its lower bound")
    tests = []
    for keys, (mean, error, p), (accuracy, wobble), n in changes(table):
        half, side = t.ppf(0.975, n - 1), t.ppf(0.95, n - 1)
        lower = accuracy - side * wobble
        print(
            f"| {' | '.join(keys)} | {mean:+.4f} ± {half * error:.4f} | {p:.3f} "
            f"| {accuracy:+.4f} ± {half * wobble:.4f} | {lower:+.4f} |"
        )
        data, loss, balance, arm = keys
        if (loss, balance) == ("flcmi+ce", "rows") and data != "adult" and arm in ARMS:
            tests.append((p, data, arm, mean, mean + side * error, lower))
    verdicts(sorted(tests))


def verdicts(tests):
    """Print the primary comparisons, ascending by p, with Holm's p and what the plan says of them."""
    head("primary", "rows", "change of EO", "its upper bound", "p", "Holm", "accuracy's lower bound", "")
    worst = 0.0
    for place, (p, data, arm, mean, upper, lower) in enumerate(tests):
        worst = max(worst, min(1.0, p * (len(tests) - place)))
        helps = worst < 0.05 and mean < 0 and lower > -MARGIN
        numbers = f"{mean:+.4f} | {upper:+.4f} | {p:.4f} | {worst:.4f} | {lower:+.4f}"
        print(f"| {data} | {arm} | {numbers} | {'helps' if helps else 'not shown to help'} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["run", "report"])
    parser.add_argument("path", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", help="other seeds than the plan's, to try it out")
    parser.add_argument("--only", choices=list(SETS), help="one data set of the plan, to try it out")
    given = parser.parse_args()
    if given.what == "run":
        run(given.path, given.seeds, [one for one in PLAN if given.only in {None, one[0]}])
    else:
        report(given.path)


if __name__ == "__main__":
    main()
