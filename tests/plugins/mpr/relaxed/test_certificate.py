"""What a certificate says, word for word, and whether the limit is kept."""

import pytest

from auditkit_mpr.relaxed.certificate import TOLERANCE, Certificate

FACTS = {
    "method": "m", "rho": 0.2, "mpr": 0.1, "similarity": 3.0, "top_mpr": 0.5, "top_similarity": 4.0,
    "similarity_bound": 3.25, "mpr_lower_bound": 0.05, "reachable": 0.1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "MPR 0.1 keeps the limit 0.2; similarity sum 3, no list that keeps it has above 3.25"),
        ({"similarity_bound": None}, "MPR 0.1 keeps the limit 0.2"),
        (
            {"heuristic": True},
            "MPR 0.1 keeps the limit 0.2 as far as the fitted functions show; similarity sum 3, no list that keeps it has "
            "above 3.25",
        ),
        (
            {"mpr": 0.4, "infeasible": True, "reachable": 0.4, "mpr_lower_bound": 0.3},
            "no list keeps the limit 0.2, which is proven: the least MPR reached is 0.4, and none is below 0.3; "
            "returned is 0.4, "
            "with 75.0% of the similarity of the k most similar items",
        ),
        (
            {"mpr": 0.4, "infeasible": True, "least": "proven"},
            "no list keeps the limit 0.2, which is proven: the least MPR there is is 0.4; returned is the most similar "
            "list that has it, with 75.0% of the similarity of the k most similar items",
        ),
        ({"mpr": 0.4}, "this list breaks the limit 0.2 with MPR 0.4; lists that keep it exist"),
        (
            {"mpr": 0.4, "reachable": 0.2 + TOLERANCE / 2},
            "this list breaks the limit 0.2 with MPR 0.4; lists that keep it exist",
        ),
        (
            {"mpr": 0.4, "heuristic": True},
            "this list breaks the limit 0.2 with MPR 0.4 as far as the fitted functions show; lists that keep it exist",
        ),
        (
            {"mpr": 0.4, "reachable": 0.3},
            "no list that keeps the limit 0.2 was found: the least MPR reached is 0.3, and none is below 0.05; "
            "returned is 0.4, with 75.0% of the similarity of the k most similar items",
        ),
        (
            {"mpr": 0.4, "reachable": 0.4, "least": "reached", "heuristic": True, "mpr_lower_bound": 0.0},
            "no list that keeps the limit 0.2 was found: the least MPR reached is 0.4 as far as the fitted functions show; "
            "returned is the most similar list found that has it, with 75.0% of the similarity of the k most similar items",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_what_is_known(facts, sentence):
    assert Certificate(**FACTS | facts).in_words() == sentence


@pytest.mark.parametrize(
    ("mpr", "meets"), [(0.2, True), (0.2 + TOLERANCE / 2, True), (0.2 + 2 * TOLERANCE, False)]
)
def test_the_last_bits_of_a_sum_break_no_limit(mpr, meets):
    assert Certificate(**FACTS | {"mpr": mpr}).meets is meets


def test_the_gap_is_what_an_optimal_list_could_have_more():
    assert Certificate(**FACTS).gap == 0.25
    assert Certificate(**FACTS | {"similarity_bound": 2.0}).gap == 0.0
    assert Certificate(**FACTS | {"similarity_bound": None}).gap is None


def test_limits_on_prefixes_are_told_with_each_of_them():
    prefixes = ((5, 0.15), (10, 0.05))
    assert Certificate(
        **FACTS | {"mpr": 0.15, "similarity_bound": None, "prefixes": prefixes}
    ).in_words() == (
        "MPR 0.15 keeps the limit 0.2 (the largest of its prefixes: 0.15 of the first 5, 0.05 of the first 10)"
    )
