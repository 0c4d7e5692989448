"""Precision, recall and nDCG of lists against plain loops and scikit-learn, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import ndcg_score

from auditkit.errors import DataError
from auditkit_mpr.retrieval.relevance import Relevance, relevance_in, relevance_of_column


def test_a_list_is_judged_as_plain_loops_say():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        grades, k = rng.integers(0, 4, 30).astype(float), int(rng.integers(2, 12))
        chosen = rng.permutation(30)[:k]
        found = Relevance({"q": grades}).judge("q", chosen)
        hits = sum(1 for item in chosen if grades[item] > 0)
        assert found.precision == hits / k
        assert found.recall == hits / sum(1 for grade in grades if grade > 0)
        scores = np.full(30, -1.0)
        scores[chosen] = np.arange(k, 0, -1)
        assert found.ndcg == pytest.approx(ndcg_score(grades[None], scores[None], k=k), abs=1e-12)


def test_two_orders_of_one_list_differ_in_ndcg_alone():
    one, other = (
        Relevance({"q": np.array([3.0, 0, 1, 0])}).judge("q", np.array(order))
        for order in ([0, 1, 2], [1, 2, 0])
    )
    assert (one.precision, one.recall) == (other.precision, other.recall)
    assert one.ndcg > other.ndcg


def test_without_a_relevant_item_recall_and_ndcg_are_not_defined():
    found = Relevance({"q": np.zeros(5)}).judge("q", np.array([0, 1]))
    assert (found.precision, found.recall, found.ndcg) == (0.0, None, None)
    assert Relevance({}).judge("q", np.array([0])) is None


def test_a_column_of_text_is_relevant_to_the_query_it_names():
    column = pd.Series(["Nurse", "chef", "nurse ", None], name="occupation")
    found = relevance_of_column(column, ["nurse", "chef"])
    assert found.grades["nurse"].tolist() == [1, 0, 1, 0]
    assert found.grades["chef"].tolist() == [0, 1, 0, 0]
    with pytest.raises(DataError, match="none of it is the name of a query"):
        relevance_of_column(column, ["pilot"])


def test_a_column_without_values_is_refused():
    with pytest.raises(DataError, match="has no values"):
        relevance_of_column(pd.Series([None, None], name="r"), ["a"])


def table(**columns):
    return pd.DataFrame({"query": ["a", "a", "b"], "id": [1, 2, 1]} | columns)


def test_a_table_of_judgements_grades_the_pairs_it_names():
    found = relevance_in(table(relevance=[2, 1, 0.5]), "r.csv", ids=np.array([1, 2, 3]), queries=("a", "c"))
    assert found.grades["a"].tolist() == [2, 1, 0]
    assert set(found.grades) == {"a"}
    plain = relevance_in(table(), "r.csv", ids=np.array([1, 2, 3]), queries=("b",))
    assert plain.grades["b"].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (table().drop(columns="id"), "no column 'id'"),
        (table(id=[1, 9, 1]), "id '9', which no item has"),
        (table(id=[1, 1, 1]), "judges id '1' twice for query 'a'"),
        (table(relevance=[1, -1, 0]), "numbers from 0 on, and row 2 has none"),
        (table(relevance=[1, 1, None]), "numbers from 0 on, and row 3 has none"),
        (table(query=["x", "y", "z"]), "judges none of the queries a, b"),
    ],
)
def test_judgements_that_cannot_be_read_are_one_sentence(given, message):
    with pytest.raises(DataError, match=message):
        relevance_in(given, "r.csv", ids=np.array([1, 2, 3]), queries=("a", "b"))
    with pytest.raises(DataError, match="row 2 has none"):
        relevance_of_column(pd.Series([0, np.nan, 1], name="r"), ["a"])
