"""Tables whose mined groups are checked: bundled ones, made-up ones, and files that a user brings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml
from mining.made_up import defendants, hospital_stays

from auditkit import Subject
from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.subjects import load
from auditkit.spec.data import DataSpec

RECIPES = Path(__file__).parents[2] / "recipes"
BROUGHT = ("compas", "diabetes")
"""Files that may not ship, and are read from where a user has them, as the recipes minoria-NAME read them."""


def bundled(name: str, rows: int, seed: int = 0) -> Subject:
    """Return rows of a bundled table, drawn by the seed."""
    subject = load(DataSpec(path=name), datasets=BUNDLED, folder=Path())
    kept = np.sort(np.random.default_rng(seed).permutation(len(subject))[:rows])
    return replace(subject, table=subject.table.iloc[kept].reset_index(drop=True), groups=())


def like_compas(rows: int, seed: int = 0) -> Subject:
    """Return made-up rows with the features and the target of the recipe for COMPAS."""
    spec = data_of("compas")
    return Subject(table=defendants(rows, seed), target=spec.target, features=spec.features)


def like_diabetes(rows: int, seed: int = 0, *, every: bool = False) -> Subject:
    """Return made-up rows with the target of the recipe for Diabetes-130, and its features or `every` other column."""
    spec, table = data_of("diabetes"), hospital_stays(rows, seed)
    hidden = {"encounter_id", "patient_nbr", spec.target, *spec.sensitive}
    features = tuple(name for name in table if name not in hidden) if every else spec.features
    return Subject(table=table, target=spec.target, features=features)


def brought(name: str, path: str) -> Subject:
    """Return the file that the recipe minoria-NAME asks for, read as the recipe reads it."""
    return load(replace(data_of(name), path=path), datasets=BUNDLED, folder=Path())


def data_of(name: str) -> DataSpec:
    """Return the path, target, features and hidden columns of the recipe minoria-NAME."""
    data = yaml.safe_load((RECIPES / f"minoria-{name}.yaml").read_text())["data"]
    return DataSpec(
        path=data["path"],
        target=data["target"],
        features=tuple(data["features"]),
        sensitive=tuple(data["sensitive"]),
    )
