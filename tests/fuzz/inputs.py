"""Inputs of every kind that the program reads: a good file, changed, and the commands that read it."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from fuzz import mutations, values

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = pd.DataFrame(
    {
        "x": np.random.default_rng(0).normal(size=60).round(3),
        "age": np.arange(60) % 50 + 20,
        "sex": ["F", "M", "M"] * 20,
        "y": [0, 1, 1, 0, 1, 0] * 10,
        "p": [0, 1, 0, 0, 1, 1] * 10,
        "s": np.linspace(0, 1, 60).round(3),
    }
)
RECIPE = """\
version: 1
name: fuzz
vars: {edge: 40}
data:
  path: good.csv
  target: y
  pred: p
  positive: 1
  sensitive: [sex]
  missing: refuse
groups:
  sex: {column: sex}
  age: {column: age, bins: [0, 40, 100]}
  old: {where: age >= 60 and sex == 'F', rule: old women}
stats: {confidence: 0.95, correction: holm, bootstrap: 200, seed: 0, min_n: 5, max_order: 2}
steps:
- {id: r, use: rates, with: {metrics: [tpr, selection_rate]}}
gates:
- {id: g, on: r, metric: tpr, compare: to_rest, group: sex=F, limit: 0.1, insufficient: warn}
- {id: h, on: r, metric: selection_rate, fail_if: lower_bound > 0.10, warn_if: lower_bound > 0.05}
requires: [rates]
"""
GROUPS = """\
# Groups that auditkit found
version: 1
groups:
  old: {where: age >= 60, rule: older than 60}
  women: {where: "sex == 'F'", rule: women}
  left: {where: "0.5 * `x` + -2.0 * (`age` - 1) / 3.0 >= -9.5"}
  age: {column: age, bins: [0, 40, 100]}
  by: {column: sex}
"""
AUDITS = (
    ["--target", "y", "--pred", "p", "--groups", "sex"],
    ["--target", "y", "--score", "s", "--groups", "sex"],
    ["--target", "y", "--groups", "sex", "--missing", "drop"],
    ["--target", "sex", "--groups", "y", "--missing", "impute"],
    ["--pred", "p", "--groups", "sex,y"],
    ["--target", "x", "--pred", "s", "--groups", "sex"],
    ["--target", "y", "--loss", "s", "--groups", "sex"],
    ["--target", "y", "--pred", "p", "--groups", "x:-1/0/1", "--weight", "s"],
)

OPTIONS = (
    "target", "pred", "score", "loss", "weight", "split", "positive", "features", "ignore", "sensitive", "groups",
    "embeddings", "images", "model", "missing", "memory-limit", "confidence", "correction", "family", "bootstrap",
    "seed", "min-n", "max-order", "with", "metrics", "output", "cluster",
)  # fmt: skip


FITTING: dict[str, tuple[tuple[int, ...], str]] = {
    "embeddings": ((60, 3), "f4"),
    "images": ((60, 4, 4, 3), "u1"),
    "pred": ((60,), "?"),
    "score": ((60,), "f8"),
}
SHAPES = ((60, 3), (60, 1), (60,), (59, 2), (60, 0), (0, 3), (60, 4, 4, 3))
DTYPES = ("f4", "f8", "f2", "i8", "u1", "U2", "?", "c8", "M8[s]")


@dataclass(frozen=True)
class Command:
    """What is run in a folder, and which files it may write."""

    arguments: list[str]
    written: tuple[str, ...] = ()


def make(kind: str, seed: int, folder: Path) -> Command:
    """Write the input of this kind and seed into an empty folder and return the command that reads it."""
    random = Random(f"{kind}/{seed}")
    GOOD.to_csv(folder / "good.csv", index=False)
    with warnings.catch_warnings(action="ignore"):
        return KINDS[kind](random, folder)


def _csv(random: Random, folder: Path) -> Command:
    path = folder / "t.csv"
    source = GOOD if random.random() < 0.2 else values.table(random)
    text = source.to_csv(index=random.random() < 0.1, lineterminator=random.choice(("\n", "\r\n")))
    return _table(path, text.encode("utf-8", "surrogatepass"), random)


def _parquet(random: Random, folder: Path) -> Command:
    return _by_writer(random, folder / "t.parquet", lambda frame, path: frame.to_parquet(path))


def _feather(random: Random, folder: Path) -> Command:
    path = folder / random.choice(("t.feather", "t.arrow"))
    packing = random.choice(("zstd", "lz4", "uncompressed"))
    return _by_writer(random, path, lambda frame, to: frame.to_feather(to, compression=packing))


def _jsonl(random: Random, folder: Path) -> Command:
    def write(frame: pd.DataFrame, path: Path) -> None:
        frame.to_json(path, orient="records", lines=True, date_format="iso", default_handler=str)

    if random.random() < 0.4:
        text = GOOD.to_json(orient="records", lines=True)
        (folder / "t.jsonl").write_text(mutations.of_words(text, random), "utf-8", "surrogatepass")
        return Command(_audit(random, "t.jsonl"), ("out.json",))
    return _by_writer(random, folder / "t.jsonl", write)


def _npz(random: Random, folder: Path) -> Command:
    path = folder / "t.npz"
    save = random.choice((np.savez, np.savez_compressed))
    save(path, **values.arrays(random))
    return _table(path, path.read_bytes(), random)


def _npy(random: Random, folder: Path) -> Command:
    """Vectors or pixels beside a good table."""
    role = random.choice(list(FITTING))
    shape, dtype = FITTING[role] if random.random() < 0.6 else (random.choice(SHAPES), random.choice(DTYPES))
    array = np.random.default_rng(random.randrange(9)).random(size=shape) * random.choice((1, 1, 1e4, 0))
    if random.random() < 0.2 and array.size:
        array.flat[random.randrange(array.size)] = random.choice(values.NUMBERS)
    np.save(folder / "e.npy", array.astype("i8").astype(dtype) if dtype == "M8[s]" else array.astype(dtype))
    content = (folder / "e.npy").read_bytes()
    (folder / "e.npy").write_bytes(mutations.of_bytes(content, random) if random.random() < 0.3 else content)
    command = random.choice(("audit", "mine")) if role == "embeddings" else "audit"
    return Command([command, "good.csv", "--target", "y", f"--{role}", "e.npy", "--groups", "sex"])


def _recipe(random: Random, folder: Path) -> Command:
    text = mutations.of_words(RECIPE, random) if random.random() < 0.8 else RECIPE
    content = text.encode("utf-8", "surrogatepass")
    (folder / "r.yaml").write_bytes(mutations.of_bytes(content, random) if random.random() < 0.3 else content)
    changes = []
    if random.random() < 0.3:
        key = random.choice(
            ("data.target", "stats.seed", "steps.r.with.metrics", "gates.g.limit", "groups.sex", "x.y.z")
        )
        changes = ["--set", f"{key}={random.choice(mutations.WORDS)}"]
    checked = ["--dry-run"] if random.random() < 0.2 else ["-o", "out.json"]
    return Command(["run", "r.yaml", *changes, *checked], ("out.json",))


def _groups(random: Random, folder: Path) -> Command:
    text = mutations.of_words(GROUPS, random)
    content = text.encode("utf-8", "surrogatepass")
    (folder / "g.yaml").write_bytes(mutations.of_bytes(content, random) if random.random() < 0.3 else content)
    return Command(
        ["audit", "good.csv", "--target", "y", "--pred", "p", "--groups", "g.yaml", "-o", "out.md"],
        ("out.md",),
    )


def _report(random: Random, folder: Path) -> Command:
    text = _good_report(folder)
    changed = mutations.of_words(text, random) if random.random() < 0.7 else text
    content = changed.encode("utf-8", "surrogatepass")
    (folder / "stored.json").write_bytes(
        mutations.of_bytes(content, random) if random.random() < 0.4 else content
    )
    name = random.choice(("out.md", "out.txt", "out.json", "out.xml", "out.sarif"))
    redact = ["--redact"] if random.random() < 0.3 else []
    return Command(["report", "stored.json", "-o", name, *redact], (name,))


def _options(random: Random, folder: Path) -> Command:
    """The good table, and one option with a word that it was not made for."""
    option = random.choice(OPTIONS)
    word = random.choice((*mutations.WORDS, *values.NAMES, *values.TEXTS[:20]))
    base = ["audit", "good.csv", "--target", "y", "--pred", "p", "--groups", "sex"]
    return Command([*base, f"--{option}", word.replace("\0", "\\0")])


def _card(random: Random, folder: Path) -> Command:
    """The card or the weights of a saved model."""
    source = _good_model(folder)
    for name in ("card.json", "model.safetensors"):
        content = (source / name).read_bytes()
        if name == "card.json" and random.random() < 0.6:
            content = mutations.of_words(content.decode(), random).encode("utf-8", "surrogatepass")
        elif random.random() < 0.5:
            content = mutations.of_bytes(content, random)
        (folder / "model").mkdir(exist_ok=True)
        (folder / "model" / name).write_bytes(content)
    return Command(["audit", "good.csv", "--target", "y", "--model", "model", "--groups", "sex"])


def _by_writer(random: Random, path: Path, write: Callable[[pd.DataFrame, Path], object]) -> Command:
    """Return the command for a table that a writer of pandas makes; what it cannot write is left out."""
    frame = GOOD if random.random() < 0.15 else values.table(random)
    try:
        write(frame, path)
    except Exception:  # noqa: BLE001  what no writer can write no reader meets
        write(GOOD, path)
    return _table(path, path.read_bytes(), random)


def _table(path: Path, content: bytes, random: Random) -> Command:
    path.write_bytes(mutations.of_bytes(content, random) if random.random() < 0.25 else content)
    return Command(_audit(random, path.name), ("out.json",))


def _audit(random: Random, name: str) -> list[str]:
    if random.random() < 0.1:
        return ["mine", name, "--target", "y", "--top", "2", "-o", "out.json"]
    if random.random() < 0.1:
        return [
            "audit",
            name,
            "--target",
            "y",
            "--groups",
            random.choice(values.NAMES) or "x",
            "--embeddings",
            "v",
        ]
    return ["audit", name, *random.choice(AUDITS), "-o", "out.json"]


_made: dict[str, str] = {}
_kept: list[TemporaryDirectory[str]] = []


def _good_report(folder: Path) -> str:
    """Return the JSON of a report with gates, groups and all, made once."""
    if "report" not in _made:
        (folder / "r.yaml").write_text(RECIPE)
        from auditkit import run_recipe
        from auditkit.store.report_json import to_dict

        _made["report"] = json.dumps(to_dict(run_recipe(folder / "r.yaml")), indent=1)
        (folder / "r.yaml").unlink()
    return _made["report"]


def _good_model(folder: Path) -> Path:
    """Return a folder with a model that learnt the good table, made once."""
    if "model" not in _made:
        from auditkit.cli.app import run

        _kept.append(TemporaryDirectory(prefix="auditkit-fuzz-model-"))
        place = _kept[-1].name
        words = [
            "repair", str(folder / "good.csv"), "--target", "y", "--sensitive", "sex", "--runs", "1", "--epochs", "1", "--k",
            "4",
        ]  # fmt: skip
        run([*words, "--save-model", place, "--exit-zero", "--quiet"])
        _made["model"] = place
    return Path(_made["model"])


KINDS: dict[str, Callable[[Random, Path], Command]] = {
    "csv": _csv,
    "parquet": _parquet,
    "feather": _feather,
    "jsonl": _jsonl,
    "npz": _npz,
    "npy": _npy,
    "recipe": _recipe,
    "groups": _groups,
    "report": _report,
    "options": _options,
    "card": _card,
}
