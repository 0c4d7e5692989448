import numpy as np
import pandas as pd
import pytest

from auditkit import Subject
from auditkit.predict.encoding import encode
from auditkit_minoria.words.shallow import Condition, conditions_in_words, fidelity, shallow_rule


def rng(seed=2):
    return np.random.default_rng(seed)


def test_a_conjunction_is_found_in_the_units_of_the_table():
    source = rng()
    table = pd.DataFrame({"age": source.integers(18, 90, size=3000), "sex": source.choice(["F", "M"], size=3000),
                          "hours": source.normal(40, 10, size=3000)})  # fmt: skip
    members = ((table["age"] >= 70) & (table["sex"] == "F")).to_numpy()
    encoded = encode(Subject(table=table, features=tuple(table)))
    rule = shallow_rule(encoded.matrix, members, rng())
    assert fidelity(rule, encoded.matrix, members).f1 > 0.95
    said = conditions_in_words(rule, encoded.columns, table=table)
    assert said.startswith("age ≥ ")
    assert "sex = F" in said or "sex ≠ M" in said
    assert shallow_rule(encoded.matrix, np.zeros(3000, dtype=bool), rng()) == ()


def test_fidelity_is_precision_and_recall():
    matrix, members = np.arange(10.0)[:, None], np.arange(10) >= 6
    near = fidelity([Condition(0, (4.0, 5.0), below=False)], matrix, members)
    assert (near.precision, near.recall) == (0.8, 1.0)
    assert near.f1 == pytest.approx(2 * 0.8 / 1.8)
    assert fidelity([Condition(0, (1.0, 2.0), below=True)], matrix, members).f1 == 0.0
