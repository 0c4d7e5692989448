"""The curve of similarity against representation marks the lists that are handed back, not only the most similar."""

import pytest

from auditkit_mpr.relaxed.certificate import Certificate
from auditkit_mpr.run.asked.limits import parse_limit
from auditkit_mpr.run.compared.pareto import HANDED_BACK, Row, pareto_chart


def row(query, limit, method, mpr, similarity):
    proof = Certificate(
        method=method, rho=0.1, mpr=mpr, similarity=similarity, top_mpr=0.5, top_similarity=10.0,
        similarity_bound=None, mpr_lower_bound=0.0, reachable=0.0,
    )  # fmt: skip
    return Row(query, parse_limit(limit), method, proof, 5)


ROWS = [
    row("a", "0.2x", "cone", 0.10, 8.0), row("b", "0.2x", "cone", 0.20, 9.0),
    row("a", "0.5x", "cone", 0.25, 9.5), row("b", "0.5x", "cone", 0.30, 9.9),
]  # fmt: skip


def test_the_chosen_point_is_the_mean_over_queries_of_the_lists_that_are_handed_back():
    layers = {layer.name: layer for layer in pareto_chart(ROWS, ("0.2x", "cone")).layers}
    assert (layers[HANDED_BACK].x, layers[HANDED_BACK].y) == (pytest.approx((0.3,)), pytest.approx((0.85,)))
    assert len(layers["cone"].x) == 2
    assert layers["top-k"].x == (1.0,)


def test_lists_that_were_not_made_are_not_marked():
    assert HANDED_BACK not in {layer.name for layer in pareto_chart(ROWS, ("0.9x", "cone")).layers}
