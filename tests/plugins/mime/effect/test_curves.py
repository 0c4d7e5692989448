"""The curve against its slow twin and values worked out beforehand."""

import numpy as np
import pytest
from plugins.mime import oracle

from auditkit_mime.effect.curves import average_accuracy, error_bound


def test_zeta_is_the_spread_of_the_trend_and_not_of_the_level():
    accuracy = np.array([[0.8, 0.9, 0.7], [0.6, 0.9, 0.6]])
    assert error_bound(accuracy) == pytest.approx([0.05, 0.05, 0], abs=1e-15)
    assert average_accuracy(accuracy) == pytest.approx([0.7, 0.9, 0.65])
    parallel = np.array([[0.8, 0.9, 0.7], [0.6, 0.7, 0.5]])
    assert error_bound(parallel) == pytest.approx([0, 0, 0], abs=1e-15)
    drawn = np.random.default_rng(0).random((7, 11))
    assert error_bound(drawn) == pytest.approx(oracle.zeta(drawn))
