"""Submodular functions on arrays and the greedy algorithms that maximise them; nothing here knows a table."""

from __future__ import annotations

from auditkit_shasam.submodular import coverage, facility_location, log_determinant
from auditkit_shasam.submodular.coverage import Coverage
from auditkit_shasam.submodular.determinant import Determinant, DeterminantInformation
from auditkit_shasam.submodular.greedy import (
    Objective,
    Selection,
    lazy_greedy,
    naive_greedy,
    stochastic_greedy,
)
from auditkit_shasam.submodular.kernel import cosine_kernel, unit_rows
from auditkit_shasam.submodular.similarity import Similarity, from_features, from_kernel

__all__ = [
    "Coverage",
    "Determinant",
    "DeterminantInformation",
    "Objective",
    "Selection",
    "Similarity",
    "cosine_kernel",
    "coverage",
    "facility_location",
    "from_features",
    "from_kernel",
    "lazy_greedy",
    "log_determinant",
    "naive_greedy",
    "stochastic_greedy",
    "unit_rows",
]
