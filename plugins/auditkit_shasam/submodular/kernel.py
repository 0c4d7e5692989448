"""The cosine kernel, and what is done about its negative values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, assert_never

import numpy as np

from auditkit import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Policy: TypeAlias = Literal["clamp", "shift", "raw"]
"""clamp: max(s, 0). shift: (1 + s) / 2. raw: s itself, with which facility location is not submodular."""


def unit_rows(features: NDArray[Any]) -> NDArray[Any]:
    """Return the rows of features [n, d] scaled to length 1, in their dtype; a zero row stays zero.

    Raises DataError for a value that is not finite.
    """
    if not np.isfinite(features).all():
        message = "features hold values that are not finite; their similarity is unknown"
        raise DataError(message)
    largest = np.abs(features).max(axis=1, keepdims=True, initial=0.0)
    # Divided twice: the squares of huge or tiny values would leave the range of the dtype.
    scaled = features / np.where(largest > 0, largest, 1)
    length = np.sqrt((scaled**2).sum(axis=1, keepdims=True))
    unit: NDArray[Any] = scaled / np.where(length > 0, length, 1)
    return unit


def cosine_kernel(features: NDArray[Any], *, policy: Policy = "clamp") -> NDArray[np.float64]:
    """Return the n x n float64 kernel of cosines between rows of features [n, d], under a policy.

    Facility location needs nonnegative similarities to be monotone submodular with f(empty) = 0.
    """
    unit = unit_rows(np.asarray(features, dtype=np.float64))
    return with_policy(unit @ unit.T, policy)


def with_policy(cosines: NDArray[np.float64], policy: Policy) -> NDArray[np.float64]:
    """Return the cosines as similarities under a policy, of the same shape."""
    match policy:
        case "clamp":
            return np.maximum(cosines, 0.0)
        case "shift":
            return (1.0 + cosines) / 2.0
        case "raw":
            return cosines
        case _:
            assert_never(policy)
