"""The paper's numbers stand beside those of the rows at hand, each computed as the paper has it."""

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.calls import STEPS

from auditkit import Stats, Subject, UsageError
from auditkit.testing import make_context
from auditkit_minoria.show.paper import K, shows
from auditkit_minoria.show.printed import PRINTED, Share
from auditkit_minoria.show.quality import Judged


def rows(n=1200):
    """A plane, a label with a prediction of it, and a column that mining must not see."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"x": rng.exponential(size=n), "y": rng.normal(size=n)})
    table["label"] = rng.integers(0, 2, n)
    table["guess"] = np.where(rng.random(n) < 0.8, table["label"], 1 - table["label"])
    table["sex"] = rng.choice(["Female", "Male"], n)
    table["male"] = (table["sex"] == "Male").astype(int)
    return table


def shown(paper, **settings):
    table, context = rows(), make_context(stats=Stats(min_n=10))
    subject = Subject(table=table, target="label", pred="guess", features=("x", "y"))
    finder = STEPS["minoria.sweep"]()
    params = finder.Params(paper=paper, tails_of="judged", **settings)
    finder.check(subject, params)
    finder.find(subject, params, context)
    return [one for one in context.ledger.tables if one.title.startswith("The paper's")], table


def test_a_table_of_tails_has_the_papers_number_and_the_same_number_of_these_rows():
    tables, _ = shown("college", reveal="male")
    (table,) = tables
    whole = dict(zip(table.columns, table.rows[0], strict=True))
    assert (whole["Percentile"], whole["Accuracy, paper"], whole["F1, paper"]) == ("1", 0.70, 0.36)
    assert whole["Rows here"] == 600
    assert whole["Accuracy, here"] == pytest.approx(0.8, abs=0.05)
    assert whole["Ratio, here"] == pytest.approx(1, abs=0.2)
    tenth = dict(zip(table.columns, table.rows[3], strict=True))
    assert tenth["Rows here"] == 60


def test_the_first_direction_of_chicago_is_that_of_most_skew():
    tables, _ = shown("chicago")
    skews = [abs(float(one.caption.split("here ")[1].split()[0])) for one in tables]
    assert skews == sorted(skews, reverse=True)
    assert [one.title[:20] for one in tables] == ["The paper's table 1 ", "The paper's table 2 "][
        : len(tables)
    ]


def test_a_figure_is_counted_and_its_hidden_value_must_be_there():
    (table,), made = shown("adult", reveal="sex")
    numbers = {row[0]: row[1:] for row in table.rows}
    assert numbers["rows"] == (48_842, 1200)
    assert numbers["directions that show Female"][0] == 3
    assert numbers["share of Female among all rows"][1] == pytest.approx(
        (made["sex"] == "Female").mean(), abs=0.05
    )
    with pytest.raises(UsageError, match="no row has the value 'Female'"):
        shown("adult", reveal="male")
    with pytest.raises(UsageError, match="--reveal COLUMN"):
        shown("adult")


@pytest.mark.parametrize(("where", "told"), [("worst", True), ("best", False), ("all", False)])
def test_a_tail_shows_a_value_that_is_more_frequent_among_its_worst_rows(where, told):
    n = 400
    loss = np.arange(n, dtype=float)
    members, has = np.arange(n) >= 200, np.zeros(n, dtype=bool)
    has[{"worst": slice(n - 30, n), "best": slice(200, 230), "all": slice(0, n)}[where]] = True
    how = Judged(rows=np.ones(n, dtype=bool), loss=loss, unit="loss")
    assert shows(members, has, how) is told
    assert not shows(np.arange(n) >= n - K, has, how)  # too few to compare


def test_what_the_paper_prints_is_kept_as_it_prints_it():
    assert [one.rows[-1] for one in PRINTED["chicago"]] == [(0.0001, 0.87, 0.30), (0.0001, 0.81, 0.18)]
    assert {name: one.showing for name, one in PRINTED.items() if isinstance(one, Share)} == {
        "adult": 3, "compas": 2, "diabetes": 5,
    }  # fmt: skip
