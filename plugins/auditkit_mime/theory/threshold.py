"""The ideal threshold between two classes on a line: where their smoothed histograms cross."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DEGREE, POINTS, REACH = 5, 5000, 5.0


def ideal_thresholds(
    first: Floats, second: Floats, *, centres: Floats, between: tuple[float, float]
) -> Floats:
    """Return where polynomials of degree 5 through two histograms are closest, between the class means, [...].

    `first` and `second` are [..., bins] on bins with these centres (fewer than 6 bins lower the degree).
    Supplement, section E. The search stays between the means, as its text says: its code looks at all of
    [-5, 5] and may end in a tail, where both polynomials are near 0.
    """
    middle, half = (centres[0] + centres[-1]) / 2, (centres[-1] - centres[0]) / 2
    degree = min(DEGREE, len(centres) - 1)
    # Powers of numbers within [-1, 1]: the fit keeps its digits whatever the data's unit.
    smooth = np.linalg.pinv(np.vander((centres - middle) / half, degree + 1))
    places = np.linspace(*between, POINTS)
    distance = np.abs((first - second) @ (np.vander((places - middle) / half, degree + 1) @ smooth).T)
    return np.asarray(places[distance.argmin(axis=-1)], dtype=np.float64)


def snippet_thresholds(
    first: Floats,
    second: Floats,
    *,
    centres: Floats,
    between: tuple[float, float],  # noqa: ARG001  every rule is given it
) -> Floats:
    """Return the thresholds, [...], as the supplement's code finds them: the closest approach on [-5, 5].

    It looks wherever the class means are, and so may end in a tail.
    """
    places = np.linspace(-REACH, REACH, POINTS)
    found = [
        places[np.abs(_smoothed(a, centres, places) - _smoothed(b, centres, places)).argmin()]
        for a, b in zip(first.reshape(-1, len(centres)), second.reshape(-1, len(centres)), strict=True)
    ]
    return np.array(found).reshape(first.shape[:-1])


def _smoothed(shares: Floats, centres: Floats, places: Floats) -> Floats:
    return np.asarray(np.poly1d(np.polyfit(centres, shares, DEGREE))(places))


class Rule(Protocol):
    """Finds the thresholds, [...], between the classes of histograms [..., bins] on bins with these centres."""

    def __call__(
        self, first: Floats, second: Floats, *, centres: Floats, between: tuple[float, float]
    ) -> Floats:
        """Return the thresholds; `between` are the class means."""
        ...


Threshold = Literal["central", "snippet"]
THRESHOLDS: dict[Threshold, Rule] = {"central": ideal_thresholds, "snippet": snippet_thresholds}
