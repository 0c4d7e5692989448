"""The data sets that come with auditkit. See README.md beside this file for licences and changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.values.offers import Dataset

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent

ADULT = Dataset(
    name="adult",
    title="Adult (census income): 48,842 people in the United States, 1994, income above 50,000 dollars",
    path=str(_FOLDER / "adult.parquet"),
    licence="CC BY 4.0",
    citation=(
        "Becker, B. & Kohavi, R. (1996). Adult. UCI Machine Learning Repository. "
        "https://doi.org/10.24432/C5XW20"
    ),
    caveat=(
        "Census answers of 1994: 'sex' and 'race' are the census's categories, '?' marks an unknown value, "
        "the 50,000 dollar line is arbitrary, and fnlwgt is a survey weight, not a property of the person."
    ),
    target="income",
    favourable=">50K",
    split="split",
    sensitive=("sex", "race", "age", "native-country"),
    ignore=("fnlwgt",),
    groups={
        "sex": {"column": "sex"},
        "race": {"column": "race"},
        "age": {"column": "age", "bins": [0, 25, 40, 60, 120]},
    },
)

GERMAN_CREDIT = Dataset(
    name="german_credit",
    title="German credit (Statlog): 1,000 loans in southern Germany, 1973-1975, credit 1 good or 2 bad",
    path=str(_FOLDER / "german_credit.csv"),
    licence="CC BY 4.0",
    citation=(
        "Hofmann, H. (1994). Statlog (German Credit Data). UCI Machine Learning Repository. "
        "https://doi.org/10.24432/C5NC77"
    ),
    caveat=(
        "Bad credits were oversampled to 30 %. 'sex' is read from personal_status_sex, whose published code "
        "table is disputed (Grömping 2019): the column cannot be relied on to tell the sexes apart."
    ),
    target="credit",
    favourable=1,
    sensitive=("sex", "age", "age_over_25", "personal_status_sex", "foreign_worker"),
    groups={"sex": {"column": "sex"}, "age": {"column": "age", "bins": [18, 25, 40, 60, 120]}},
)

BUNDLED: Mapping[str, Dataset] = {dataset.name: dataset for dataset in (ADULT, GERMAN_CREDIT)}
"""The bundled data sets by name."""
