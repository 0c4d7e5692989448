"""Made-up tables with the columns, levels, marks of missing values and skewed shares of files that may not ship.

No row is of a person: each column is drawn by shares that are near those of the public file, and only a hidden burden
ties columns to each other and to the outcome. In each a group is planted that a linear model mispredicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRUGS = {
    "metformin": 0.1964, "repaglinide": 0.0151, "nateglinide": 0.0069, "chlorpropamide": 0.0008,
    "glimepiride": 0.051, "acetohexamide": 0.00001, "glipizide": 0.1247, "glyburide": 0.1047, "tolbutamide": 0.0002,
    "pioglitazone": 0.072, "rosiglitazone": 0.0625, "acarbose": 0.003, "miglitol": 0.0004, "troglitazone": 0.00003,
    "tolazamide": 0.0004, "examide": 0.0, "citoglipton": 0.0, "glyburide-metformin": 0.0069,
    "glipizide-metformin": 0.0001,
}  # fmt: skip
"""Share of the stays that have each drug, most of them "Steady"; of two nobody has any."""
LEVELS = {"payer_code": (18, 0.396), "medical_specialty": (73, 0.491), "diag_1": (717, 0.0002), "diag_2": (749, 0.004),
          "diag_3": (790, 0.014)}  # fmt: skip
"""How many levels a column has, and the share of "?"."""


def defendants(n: int, seed: int) -> pd.DataFrame:
    """Return n made-up rows with the columns of COMPAS that the recipes read."""
    rng = np.random.default_rng(seed)
    burden = rng.normal(size=n)
    age = np.minimum(18 + rng.gamma(1.7, 10.0, n), 96).astype(int)
    priors = np.minimum(rng.negative_binomial(0.7, 0.18, n) + (burden > 1.5) * rng.poisson(4, n), 38)
    risk = 0.25 * priors - 0.05 * (age - 34) + burden
    decile = 1 + np.searchsorted(
        np.quantile(risk, np.cumsum([0.2, 0.13, 0.1, 0.11, 0.09, 0.09, 0.08, 0.07, 0.07])), risk
    )
    odds = 0.13 * priors - 0.04 * (age - 34) - 0.55
    again = rng.random(n) < 1 / (1 + np.exp(-np.where((age < 27) & (priors >= 3), -odds, odds)))
    table = {
        "sex": rng.choice(["Male", "Female"], n, p=[0.807, 0.193]),
        "age": age,
        "race": rng.choice(
            ["African-American", "Caucasian", "Hispanic", "Other", "Asian", "Native American"],
            n,
            p=[0.512, 0.34, 0.09, 0.052, 0.004, 0.002],
        ),
        "juv_fel_count": _few(rng, n, 0.039, burden),
        "juv_misd_count": _few(rng, n, 0.058, burden),
        "juv_other_count": _few(rng, n, 0.072, burden),
        "priors_count": priors,
        "c_charge_degree": rng.choice(["F", "M"], n, p=[0.647, 0.353]),
        "decile_score": decile,
        "score_text": np.select([decile <= 4, decile <= 7], ["Low", "Medium"], "High"),
        "two_year_recid": again.astype(int),
    }
    return pd.DataFrame(table)


def hospital_stays(n: int, seed: int) -> pd.DataFrame:
    """Return n made-up rows with the columns of Diabetes-130."""
    rng = np.random.default_rng(seed)
    burden = rng.normal(size=n)
    inpatient = _few(rng, n, 0.335, burden)
    discharge = _skewed(rng, n, 26)
    dying = np.isin(discharge, [10, 12, 18])
    emergency, insulin = (
        _few(rng, n, 0.112, burden),
        rng.choice(["No", "Steady", "Down", "Up"], n, p=[0.4656, 0.3031, 0.1201, 0.1112]),
    )
    often = 1 / (1 + np.exp(-(0.5 * inpatient + 0.2 * burden - 0.4)))
    often = np.where(dying | (emergency > 0) & np.isin(insulin, ["Down", "Up"]), 0.05, often)
    back = rng.random(n) < often
    soon = rng.random(n) < 0.24
    changed = rng.random(n) < 0.462
    table: dict[str, object] = {
        "encounter_id": rng.permutation(n) + 12_522,
        "patient_nbr": rng.integers(135, 190_000_000, n),
        "race": rng.choice(["Caucasian", "AfricanAmerican", "?", "Hispanic", "Other", "Asian"], n,
                           p=[0.748, 0.189, 0.022, 0.02, 0.015, 0.006]),
        "gender": rng.choice(["Female", "Male", "Unknown/Invalid"], n, p=[0.53757, 0.4624, 0.00003]),
        "age": [f"[{10 * k}-{10 * k + 10})" for k in np.clip(rng.normal(6.6, 1.6, n), 0, 9).astype(int)],
        "weight": rng.choice(["?", "[75-100)", "[50-75)", "[100-125)", ">200"], n, p=[0.9686, 0.0131, 0.0102, 0.008, 0.0001]),
        "admission_type_id": _skewed(rng, n, 8),
        "discharge_disposition_id": discharge,
        "admission_source_id": _skewed(rng, n, 17),
        "time_in_hospital": np.clip(rng.gamma(2.2, 2.0, n).astype(int) + 1, 1, 14),
        "num_lab_procedures": np.where(rng.random(n) < 0.03, 1, np.clip(rng.normal(44, 19, n), 1, 132).astype(int)),
        "num_procedures": np.minimum(rng.geometric(0.43, n) - 1, 6),
        "num_medications": np.clip(rng.gamma(4.2, 3.8, n), 1, 81).astype(int),
        "number_outpatient": _few(rng, n, 0.165, burden),
        "number_emergency": emergency,
        "number_inpatient": inpatient,
        "number_diagnoses": np.where(rng.random(n) < 0.486, 9, rng.integers(1, 17, n)),
        "max_glu_serum": rng.choice(["None", "Norm", ">200", ">300"], n, p=[0.9475, 0.0255, 0.0146, 0.0124]),
        "A1Cresult": rng.choice(["None", ">8", "Norm", ">7"], n, p=[0.8328, 0.0807, 0.049, 0.0375]),
        "insulin": insulin,
        "change": np.where(changed, "Ch", "No"),
        "diabetesMed": np.where(changed | (rng.random(n) < 0.57), "Yes", "No"),
        "readmitted": np.select([~back, soon], ["NO", "<30"], ">30"),
    }  # fmt: skip
    for name, (levels, unknown) in LEVELS.items():
        known = np.array([f"{name[0]}{code}" for code in range(levels)])[_skewed(rng, n, levels) - 1]
        table[name] = np.where(rng.random(n) < unknown, "?", known)
    for name, share in DRUGS.items():
        has = rng.choice(["Steady", "Up", "Down"], n, p=[0.9, 0.06, 0.04])
        table[name] = np.where(rng.random(n) < share, has, "No")
    return pd.DataFrame(table)


def _few(rng: np.random.Generator, n: int, share: float, burden: Floats) -> NDArray[np.int64]:
    """Return counts [n] above 0 in a share of the rows, those of high burden rather than others."""
    worse = burden + rng.normal(size=n)
    return np.where(worse > np.quantile(worse, 1 - share), rng.geometric(0.6, n), 0).astype(np.int64)


def _skewed(rng: np.random.Generator, n: int, levels: int) -> NDArray[np.int64]:
    """Return codes [n] from 1 to `levels`, the first most frequent, the last in hardly a row (Zipf)."""
    share = 1 / np.arange(1, levels + 1) ** 1.4
    return rng.choice(np.arange(1, levels + 1), n, p=share / share.sum())
