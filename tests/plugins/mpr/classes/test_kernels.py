"""Kernels against plain sums and the corrected equations."""

import numpy as np
import pytest
from plugins.mpr.seeded import small

from auditkit_mpr.classes.kernels import kernel_named, median_width, mmd
from auditkit_mpr.reference.population import population


def test_the_kernel_of_the_whitened_rows_gives_the_linear_closed_form():
    """Eq. 53 with 1/m^2 on the reference term; with the printed 1/n^2 the value would be 0.2210803."""
    items, reference, chosen = small()
    stacked = np.concatenate([items, reference])
    inverse = np.linalg.pinv(stacked.T @ stacked)
    found, _ = mmd(lambda x, y: 8.0 * x @ inverse @ y.T, items[chosen], population(reference))
    assert found == pytest.approx(0.2432293321, abs=1e-10)
    square = 8 * np.array(
        [
            [
                items[chosen] @ inverse @ items[chosen].T / 100,
                -2 * items[chosen] @ inverse @ reference.T / 400,
            ],
            [reference @ inverse @ reference.T / 3600, np.zeros(1)],
        ],
        dtype=object,
    )
    printed = square[0, 0].sum() + square[0, 1].sum() + square[1, 0].sum()
    assert np.sqrt(printed) == pytest.approx(0.2210803, abs=1e-7)


def test_the_linear_kernel_gives_the_distance_of_the_means():
    items, reference, chosen = small()
    found, _ = mmd(kernel_named("linear_kernel"), items[chosen], population(reference))
    assert found == pytest.approx(0.9367240, abs=1e-7)
    assert found == pytest.approx(np.linalg.norm(items[chosen].mean(0) - reference.mean(0)), abs=1e-12)


@pytest.mark.parametrize("name", ["rbf", "polynomial"])
def test_a_kernel_discrepancy_equals_three_plain_sums(name):
    items, reference, chosen = small()
    width = median_width(reference)

    def one(x, y):
        return np.exp(-np.sum((x - y) ** 2) / (2 * width**2)) if name == "rbf" else (1 + x @ y) ** 2

    def mean(left, right):
        return np.mean([[one(x, y) for y in right] for x in left])

    kernel = kernel_named(name, width=width)
    found, witness = mmd(kernel, items[chosen], population(reference))
    square = (
        mean(items[chosen], items[chosen]) - 2 * mean(items[chosen], reference) + mean(reference, reference)
    )
    assert found == pytest.approx(np.sqrt(square), abs=1e-10)
    on_items = (
        kernel(items[chosen], items[chosen]).mean(0) - kernel(reference, items[chosen]).mean(0)
    ) / found
    assert on_items.mean() - witness.mean() == pytest.approx(found, abs=1e-10)


def test_a_constant_attribute_has_a_usable_kernel_width():
    assert median_width(np.ones((10, 2))) == 1.0
