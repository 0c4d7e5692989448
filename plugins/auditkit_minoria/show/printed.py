"""The numbers that the paper prints: its tables of tails, and what it says of its figure 5."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tails:
    """A table of one direction: its skew as printed, without the factor 3, and rows of percentile, accuracy, F1.

    A fourth number, where there is one, is how many rows have the first of the `hidden` values for each that has the
    second.
    """

    table: str
    skew: float
    rows: tuple[tuple[float, ...], ...]
    hidden: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Share:
    """Figure 5: rows of the data, accuracy in training, how many of five directions show the hidden value."""

    figure: str
    hidden: str
    rows: int
    accuracy: float
    showing: int


PRINTED: dict[str, tuple[Tails, ...] | Share] = {
    "chicago": (
        Tails(
            table="1",
            skew=0.20,
            rows=((1, 0.87, 0.72), (0.1, 0.87, 0.62), (0.01, 0.89, 0.68), (0.001, 0.85, 0.40), (0.0001, 0.87, 0.30)),
        ),
        Tails(
            table="2",
            skew=0.16,
            rows=((1, 0.87, 0.72), (0.1, 0.87, 0.62), (0.01, 0.89, 0.68), (0.001, 0.79, 0.32), (0.0001, 0.81, 0.18)),
        ),
    ),
    "college": (
        Tails(
            table="3",
            skew=0.07,
            rows=(
                (1, 0.70, 0.36, 1.10),
                (0.5, 0.68, 0.42, 1.12),
                (0.2, 0.67, 0.48, 0.80),
                (0.1, 0.61, 0.34, 2.00),
                (0.08, 0.64, 0.42, 1.81),
            ),
            hidden=("0", "1"),  # of its column Gender_Male
        ),
    ),
    "adult": Share(figure="5(a)", hidden="Female", rows=48_842, accuracy=0.82, showing=3),
    "compas": Share(figure="5(b)", hidden="Caucasian", rows=18_316, accuracy=0.71, showing=2),
    "diabetes": Share(figure="5(c)", hidden="Female", rows=101_766, accuracy=0.70, showing=5),
}  # fmt: skip
