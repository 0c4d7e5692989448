"""The types of arrays that every room passes."""

from __future__ import annotations

from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]

Codes = np.ndarray[Any, np.dtype[np.int64]]
"""An index into labels for every row, -1 for missing."""
