"""The order within lists: two orders of the same items differ, by rank-discounted attention."""

import math

import numpy as np
import pandas as pd
import pytest
from command_line import caller

from auditkit.errors import UsageError
from auditkit_mpr.reference.intersections import Attribute
from auditkit_mpr.retrieval.attention import attention
from auditkit_mpr.run.exposure import exposure_answers
from auditkit_mpr.run.shares import ShareTable


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    """Ten women and ten men; in "up" five women come first, in "down" last, in "mixed" every other."""
    people = ["f"] * 10 + ["m"] * 10
    pd.DataFrame({"id": [f"i{n}" for n in range(20)], "gender": people, "era": ["old", "new"] * 10}).to_csv(
        tmp_path / "items.csv", index=False
    )
    women, men = [f"i{n}" for n in range(5)], [f"i{n}" for n in range(10, 15)]
    lists = {
        "up": women + men,
        "down": men + women,
        "mixed": [i for pair in zip(women, men, strict=True) for i in pair],
    }
    pd.DataFrame(
        [(query, item) for query, items in lists.items() for item in items], columns=["query", "id"]
    ).to_csv(tmp_path / "lists.csv", index=False)
    return caller(capfd, tmp_path, monkeypatch)


AUDIT = ("audit", "items.csv", "--with", "mpr", "--attributes", "gender", "--lists", "lists.csv", "--k", "10",
         "--classes", "groups:1", "--json")  # fmt: skip


def by_hand(listed, rule=lambda rank: 1 / math.log2(1 + rank)):
    """Return the share of attention of women, item by item."""
    weights = [rule(rank) for rank in range(1, len(listed) + 1)]
    return sum(w for w, sex in zip(weights, listed, strict=True) if sex == "f") / sum(weights)


def told(report, metric):
    return {f["group"]: f for f in report["findings"] if f["metric"] == metric}


ORDERS = {"up": "f" * 5 + "m" * 5, "down": "m" * 5 + "f" * 5, "mixed": "fm" * 5}


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("log2", lambda rank: 1 / math.log2(1 + rank)),
        ("reciprocal", lambda rank: 1 / rank),
        ("9,8,7,6,5,4,3,2,1,0,5", lambda rank: 10 - rank),
    ],
)
def test_lists_alone_give_exposure_as_counted_by_hand(cli, given, rule):
    done = cli(*AUDIT, "--attention", given)
    assert done.code == 0, done.err
    expected = {query: by_hand(listed, rule) for query, listed in ORDERS.items()}
    mean = told(done.report, "exposure")["gender=f"]
    assert mean["value"] == pytest.approx(np.mean(list(expected.values())))
    gap = told(done.report, "exposure_gap")["gender=f"]
    assert gap["value"] == pytest.approx(np.mean(list(expected.values())) - 0.5)
    for query, finding in told(done.report, "least_exposed").items():
        women = expected[query]
        assert finding["value"] == pytest.approx(abs(women - 0.5))
        assert finding["details"]["least_exposed"] == ("gender=f" if women < 0.5 else "gender=m")
    assert [f["value"] for f in told(done.report, "mpr").values()] == pytest.approx([0, 0, 0], abs=1e-12)
    assert not told(done.report, "similarity")


def test_two_orders_of_one_list_differ_as_the_literature_has_it(cli):
    found = told(cli(*AUDIT, "--query", "down").report, "exposure")["gender=f"]["value"]
    assert found == pytest.approx(0.351068, abs=1e-6)
    found = told(cli(*AUDIT, "--query", "up").report, "exposure")["gender=f"]["value"]
    assert found == pytest.approx(0.648932, abs=1e-6)


def test_a_column_of_ranks_decides_the_order_and_longer_lists_are_cut(cli, tmp_path):
    lists = pd.read_csv(tmp_path / "lists.csv").query("query == 'down'")
    lists.assign(rank=range(10, 0, -1)).to_csv(tmp_path / "lists.csv", index=False)
    found = told(cli(*AUDIT).report, "exposure")["gender=f"]["value"]
    assert found == pytest.approx(by_hand(ORDERS["up"]))
    words = [word if word != "10" else "6" for word in AUDIT]
    found = told(cli(*words).report, "exposure")["gender=f"]["value"]
    assert found == pytest.approx(by_hand("fffffm"))


def test_the_answer_names_who_gets_least_attention(cli):
    answers = [one["text"] for one in cli(*AUDIT, "--query", "down").report["answers"]]
    assert (
        "Least attention goes to gender = f: 35 % of that in the list for 'down', and 50 % of the reference."
        in answers
    )


def test_intersections_are_told_and_lists_are_a_sample_from_five_on(cli, tmp_path):
    rng = np.random.default_rng(0)
    lists = [
        (f"q{q}", f"i{n}") for q in range(12) for n in rng.permutation(np.r_[rng.choice(10, 3, False), 10:17])
    ]
    pd.DataFrame(lists, columns=["query", "id"]).to_csv(tmp_path / "lists.csv", index=False)
    words = [word if word != "gender" else "gender,era" for word in AUDIT]
    done = cli(*words)
    gaps = told(done.report, "exposure_gap")
    assert gaps["gender=f"]["interval"]["high"] < 0
    assert gaps["gender=f & era=new"]["n"] == 12
    answer = next(
        one for one in done.report["answers"] if one["text"].startswith("Least attention goes to gender = f")
    )
    assert (answer["sure"], answer["harm"]) == ("shown", True)


@pytest.mark.slow
def test_lists_drawn_by_lot_show_nobody_to_be_behind(cli, tmp_path):
    """Of 20 runs at 2.5 %, more than 4 would be too many with p < .001."""
    behind = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        lists = [(f"q{q}", f"i{n}") for q in range(10) for n in rng.permutation(20)[:10]]
        pd.DataFrame(lists, columns=["query", "id"]).to_csv(tmp_path / "lists.csv", index=False)
        behind += any(
            one["text"].startswith("Least") and one["harm"] for one in cli(*AUDIT).report["answers"]
        )
    assert behind <= 4


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("log", "did you mean 'log2'"),
        ("1,0.5", "attention has 2 numbers, and a list has 10 ranks"),
        ("1,-1,1,1,1,1,1,1,1,1", "must be numbers from 0 on"),
        ("0,0,0,0,0,0,0,0,0,0", "not all 0"),
        ("nan,1,1,1,1,1,1,1,1,1", "must be numbers"),
    ],
)
def test_attention_that_is_none_is_refused(cli, rule, words):
    done = cli(*AUDIT, "--attention", rule)
    assert done.code == 2
    assert words in done.err


def test_attention_sums_to_one_and_falls():
    for rule in ("log2", "reciprocal"):
        assert attention(rule, 50).sum() == pytest.approx(1)
        assert (np.diff(attention(rule, 50)) < 0).all()
    with pytest.raises(UsageError):
        attention("", 3)


@pytest.mark.parametrize(
    ("ranks", "words"),
    [(["first", *range(2, 11)], "has rank 'first'"), ([1, 1, *range(3, 11)], "row 2 has rank '1'")],
)
def test_ranks_that_order_nothing_are_refused(cli, tmp_path, ranks, words):
    lists = pd.read_csv(tmp_path / "lists.csv").query("query == 'down'")
    lists.assign(rank=ranks).to_csv(tmp_path / "lists.csv", index=False)
    done = cli(*AUDIT)
    assert done.code == 4
    assert words in done.err


def test_a_repair_without_similarities_is_refused(cli):
    words = ["repair" if word == "audit" else "mopr" if word == "mpr" else word for word in AUDIT]
    done = cli(*words)
    assert done.code == 2
    assert "mopr needs similarities to choose by" in done.err


@pytest.mark.parametrize(("errors", "harm"), [(2.5, False), (8.0, True)])
def test_the_worst_of_twenty_groups_is_held_to_the_level_of_all_twenty(errors, harm):
    """Of ten lists one interval of 95 % ends at 2.3 standard errors, one of twenty at 4.4."""
    labels = tuple(f"v{n}" for n in range(20))
    none = np.zeros(1, dtype=np.int64)
    attribute = Attribute(name="a", labels=labels, items=none, reference=none)
    noise = np.linspace(-1, 1, 10)
    noise *= 0.01 / (noise.std(ddof=1) / np.sqrt(10))  # one standard error is .01
    exposed = ShareTable((attribute,), 1)
    for shift in noise:
        exposed.queries.append("q")
        exposed.targets.append(np.full(20, 0.5))
        exposed.listed.append(np.r_[0.5 + shift - 0.01 * errors, np.full(19, 0.5)])
    answer = next(exposure_answers(exposed, (attribute,), 0.95))
    assert "a = v0" in answer.text
    assert answer.harm is harm
