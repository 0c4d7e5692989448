"""Every method of the comparison in one table, three seeds each: planted images, a planted table, and Adult.

Images: 3,000 drawings of 32 x 32 pixels, disc or ring, whose background is tied to the shape 4 to 1 in training and
validation (1,000) and not at all in the 6,000 test drawings; a small convolutional encoder, every set loss sees as many
rows per epoch as cross-entropy (ground set 1). Planted table: 20 features, the group seen in the features and tied to
the class 4 to 1 in training and validation, not in the test rows. Adult: income by sex, the official split.
EO is the mean of the largest TPR and FPR differences. Intervals are of the mean over seeds (Student's t); seconds are
of training, mining included. The last two columns are what validation rows say, groups of a class counting the same:
of them the default is chosen, the smallest EO among accuracies within 0.02 of the best.
"""

import argparse
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import torch
from scipy.stats import t

from auditkit import Subject, attributes_of, divide, encode_with, fit_columns
from auditkit.data.bundled.sets import BUNDLED
from auditkit.values.outcome import Outcome
from auditkit_shasam.mining import Mining, drawn, make_cells
from auditkit_shasam.reading.roles import cells_of, features_of
from auditkit_shasam.shapes import BACKGROUNDS, SHAPES, SPLIT, draw
from auditkit_shasam.training import Rows, Settings, fit
from auditkit_shasam.training.balance import equalized_odds

RANDOM = drawn()
FL, LD = Mining(), Mining(positives="log_determinant", negatives="log_determinant")
PAPER = {"balance": "rows", "joint": 0.0}
METHODS = {
    "CE": {"loss": "ce", "balance": "rows"},
    "GRL": {"loss": "grl", "balance": "rows"},
    "SupCon, random": {"loss": "supcon", "mining": RANDOM, **PAPER},
    "FSCL+, random": {"loss": "fscl", "mining": RANDOM, **PAPER},
    "FLCMI literal, random": {"form": "literal", "mining": RANDOM, **PAPER},
    "FLCMI literal, mined FL": {"form": "literal", "mining": FL, **PAPER},
    "FLCMI smooth, random": {"mining": RANDOM, **PAPER},
    "FLCMI smooth, mined FL": {"mining": FL, **PAPER},
    "LogDetCMI, random": {"loss": "logdetcmi", "mining": RANDOM, **PAPER},
    "LogDetCMI, mined LogDet": {"loss": "logdetcmi", "mining": LD, **PAPER},
    "FLCMI literal + CE, mined FL": {"form": "literal", "mining": FL, "balance": "rows"},
    "FLCMI smooth + CE, random": {"mining": RANDOM, "balance": "rows"},
    "FLCMI smooth + CE, mined FL": {"mining": FL, "balance": "rows"},
    "LogDetCMI + CE, mined LogDet": {"loss": "logdetcmi", "mining": LD, "balance": "rows"},
    "CE, auto balance": {"loss": "ce"},
    "SupCon, random, auto balance": {"loss": "supcon", "mining": RANDOM, "joint": 0.0},
    "FLCMI smooth + CE, random, auto (default)": {"mining": RANDOM},
    "FLCMI smooth + CE, mined, auto": {"mining": FL},
    "LogDetCMI + CE, mined, auto": {"loss": "logdetcmi", "mining": LD},
}


def planted(n, imbalance, seed, d=20):
    r = np.random.default_rng(seed)
    y = r.integers(2, size=n)
    s = np.where(r.random(n) < imbalance / (1 + imbalance), y, 1 - y)
    x = r.normal(size=(n, d))
    x[:, 0] += 1.2 * (2 * y - 1)
    x[:, 1] += (2 * y - 1) * np.sign(x[:, 2])
    x[:, 3] += 0.6 * (2 * y - 1)
    x[:, 4] += 2.0 * (2 * s - 1)
    x[:, 5] += (2 * s - 1) * np.sign(x[:, 6])
    return Rows(torch.from_numpy(x.astype(np.float32)), make_cells(y, s))


def planted_set(seed):
    return planted(6000, 4, seed), planted(1500, 4, 100 + seed), planted(8000, 1, 200 + seed)


def shapes_set(seed):
    def rows(n, part, imbalance, place):
        drawn = draw(round(n / dict(SPLIT)[part]), imbalance=imbalance, seed=1000 * place + seed)
        chosen = np.flatnonzero(drawn.table["split"] == part)
        codes = [
            (drawn.table[name] == values[1]).to_numpy()[chosen].astype(np.int64)
            for name, values in (("shape", SHAPES), ("background", BACKGROUNDS))
        ]
        pixels = torch.from_numpy(drawn.pixels[chosen]).permute(0, 3, 1, 2).contiguous()
        return Rows(pixels, make_cells(*codes))

    return rows(3000, "train", 4, 0), rows(1000, "validation", 4, 1), rows(6000, "test", 4, 2)


def adult_set(_seed):
    adult = BUNDLED["adult"]
    table = pd.read_parquet(adult.path)
    named = {"income", "split", "sex", *adult.ignore}
    outcome = Outcome(column="income", value=">50K", kind="favourable")
    subject = Subject(
        table=table,
        target="income",
        outcome=outcome,
        split="split",
        sensitive=("sex",),
        features=tuple(name for name in table.columns if name not in named),
        missing="impute",
    )
    cells = cells_of(subject, attributes_of(subject, quantiles=4)[0])
    division = divide(
        subject, cells.target, sensitive=cells.sensitive, held_out=0.3, rng=np.random.default_rng(0)
    )
    columns = fit_columns(subject, division.train, names=features_of(subject))
    inputs = torch.from_numpy(encode_with(table, columns))
    return tuple(Rows(inputs[p], cells.take(p)) for p in (division.train, division.validation, division.test))


SETS = {
    "shapes": (shapes_set, "conv", {"ground_set": 1.0, "refresh": 4, "epochs": 15}),
    "planted": (planted_set, "mlp", {"refresh": 4}),
    "adult": (adult_set, "mlp", {"refresh": 4}),
}


def spread(values):
    half = (
        t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / len(values) ** 0.5
        if len(values) > 1
        else np.nan
    )
    return f"{np.mean(values):.3f} ± {half:.3f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", choices=list(SETS), nargs="+", default=list(SETS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--only", nargs="+", default=list(METHODS), metavar="METHOD", help="only these methods"
    )
    parser.add_argument("--encoder", help="another encoder than the set's own")
    given = parser.parse_args()
    for name in given.data:
        make, encoder, common = SETS[name]
        sets = [make(seed) for seed in range(1 if name == "adult" else given.seeds)]
        print(
            f"\n| {name}, {given.seeds} seeds | accuracy | EO mean | mean cosine | mining share | seconds "
            "| validation accuracy | validation EO |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for method, changes in METHODS.items():
            if method not in given.only:
                continue
            settings = replace(Settings(), **common, **changes)
            found, shares, cosines, valid = [], [], [], []
            start = time.process_time()
            for seed in range(given.seeds):
                train, validation, test = sets[seed % len(sets)]
                model = fit(train, validation, encoder=given.encoder or encoder, settings=settings, seed=seed)
                valid.append((model.second.accuracy, model.second.equalized_odds))
                predicted = model.probabilities(test.inputs).argmax(axis=1)
                accuracy = float((predicted == test.cells.target).mean())
                found.append((accuracy, equalized_odds(predicted, test.cells)))
                epochs = model.first.epochs
                shares.append(sum(e.mining_seconds for e in epochs) / model.seconds)
                cosines.append(epochs[model.first.kept].mean_cosine)
            accuracy, odds = np.array(found).T
            seconds = (time.process_time() - start) / given.seeds
            print(
                f"| {method} | {spread(accuracy)} | {spread(odds)} | {np.mean(cosines):.2f} "
                f"| {100 * np.mean(shares):.0f} % | {seconds:.1f} "
                f"| {np.mean(valid, axis=0)[0]:.3f} | {np.mean(valid, axis=0)[1]:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
