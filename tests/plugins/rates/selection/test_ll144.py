"""The table of New York City's rule: rates, ratios, what is left out, what is unknown."""

import numpy as np
import pandas as pd
import pytest

from auditkit import Subject, UsageError
from auditkit.errors import DataError
from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.spec.stats import Stats
from auditkit.testing import make_context
from auditkit.values.outcome import Outcome
from auditkit_rates.selection.steps import LL144


def people(n=2000, seed=0):
    rng = np.random.default_rng(seed)
    sex = rng.choice(["Male", "Female", None], n, p=[0.5, 0.47, 0.03])
    race = rng.choice(["White", "Black", "Asian", "NHPI", "Unknown"], n, p=[0.55, 0.25, 0.16, 0.01, 0.03])
    score = np.round(rng.normal(50, 15, n) - 6 * (race == "Black"), 1)
    hired = np.where(rng.random(n) < 0.2 + 0.1 * (sex == "Male"), "yes", "no")
    return pd.DataFrame({"sex": sex, "race": race, "score": score, "hired": hired})


def calculated(frame, *, groups=("sex", "race"), params=None, stats=None, **roles):
    """Return findings, tables, answers and notes."""
    if "pred" in roles:
        roles["outcome"] = Outcome(column=roles["pred"], value="yes", kind="favourable")
    subject = group_by(Subject(table=frame, **roles), {name: GroupSpec(column=name) for name in groups})
    step, context = LL144(), make_context(stats=stats or Stats())
    settings = step.Params(**(params or {}))
    step.check(subject, settings)
    found = step.run(subject, settings, context)
    return found, context.ledger


def value(found, metric, group):
    (one,) = [f for f in found if (f.metric, f.group) == (metric, group)]
    return one.value


def slow_table(frame, picked, by):
    """The rule's arithmetic by pandas: rates, and ratios to the highest rate of a category with 2 % of all."""
    known = frame.assign(picked=picked).replace({"race": {"Unknown": None}}).dropna(subset=by)
    table = known.groupby(by).picked.agg(["size", "mean"])
    table["share"] = table["size"] / len(frame)
    table["ratio"] = table["mean"] / table[table.share >= 0.02]["mean"].max()
    return table


@pytest.mark.parametrize("by", [["sex"], ["race"], ["sex", "race"]])
@pytest.mark.parametrize("scored", [True, False])
def test_every_rate_and_ratio_is_the_rules_arithmetic(by, scored):
    frame = people()
    if scored:
        found, _ = calculated(frame, score="score")
        picked, metric = frame.score > frame.score.median(), "scoring_rate"
    else:
        found, _ = calculated(frame, pred="hired")
        picked, metric = frame.hired == "yes", "selection_rate"
    for key, row in slow_table(frame, picked, by).iterrows():
        key = key if isinstance(key, tuple) else (key,)
        group = " & ".join(f"{name}={label}" for name, label in zip(by, key, strict=True))
        assert value(found, metric, group) == pytest.approx(row["mean"], abs=1e-12)
        ratio = value(found, "impact_ratio", group)
        if row.share >= 0.02:
            assert ratio == pytest.approx(row.ratio, abs=1e-12)
        else:
            assert ratio is None


def test_the_median_counts_everybody_and_says_how_many_equal_it():
    frame = people(101).assign(score=lambda f: np.r_[np.zeros(40), np.full(21, 5.0), np.full(40, 9.0)])
    found, ledger = calculated(frame, score="score")
    assert (
        "The median of the scores of all 101 assessed is 5; 21 of them equal it and are not above."
        in ledger.notes
    )
    rate = value(found, "scoring_rate", "sex=Male")
    assert rate == pytest.approx((frame[frame.sex == "Male"].score == 9).mean())


def test_small_categories_are_counted_with_the_reason_for_no_ratio():
    found, ledger = calculated(people(), score="score")
    (one,) = [f for f in found if (f.metric, f.group) == ("impact_ratio", "race=NHPI")]
    assert one.reason.startswith(f"left out of the ratios: {one.n} persons are ")
    table = next(t for t in ledger.tables if t.title == "Impact ratios by race")
    assert "small categories be left out: NHPI" in table.caption
    assert next(row for row in table.rows if row[0] == "NHPI")[-1] is None
    every, _ = calculated(people(), score="score", params={"exclude_below": 0.0})
    assert value(every, "impact_ratio", "race=NHPI") is not None


def test_unknown_persons_are_counted_and_stay_in_the_median():
    frame = people()
    _, ledger = calculated(frame, score="score")
    captions = {table.title: table.caption for table in ledger.tables}
    unknown = int(frame.sex.isna().sum()), int((frame.race == "Unknown").sum())
    both = int((frame.sex.isna() | (frame.race == "Unknown")).sum())
    for name, n in zip(("sex", "race", "sex × race"), (*unknown, both), strict=True):
        assert captions[f"Impact ratios by {name}"].startswith(
            f"{n} of 2,000 persons assessed are of an unknown"
        )


def test_values_that_the_rule_does_not_name_are_listed():
    _, ledger = calculated(people(), score="score")
    (note,) = [note for note in ledger.notes if note.startswith("'race' has values")]
    assert "Black, NHPI" in note
    assert not [note for note in ledger.notes if note.startswith("'sex' has values")]


def test_a_small_highest_category_is_told_with_a_second_ratio():
    rows = [
        ("Male", "White", 60, 400),
        ("Male", "Asian", 15, 25),
        ("Female", "White", 50, 400),
        ("Male", "Black", 10, 100),
    ]
    frame = pd.DataFrame(
        [(sex, race, "yes" if i < x else "no") for sex, race, x, n in rows for i in range(n)],
        columns=["sex", "race", "hired"],
    )
    _, ledger = calculated(frame, pred="hired")
    (note,) = [note for note in ledger.notes if note.startswith("By race, Asian has the highest rate")]
    assert "only 25 persons" in note
    table = next(t for t in ledger.tables if t.title == "Impact ratios by race")
    second = {row[0]: row[-1] for row in table.rows}
    assert table.columns[-1] == "Second ratio"
    assert (second["White"], second["Asian"], second["Black"]) == ("1.000", None, "0.727")


def test_facts_are_shown_and_what_nobody_gave_is_said_so():
    _, ledger = calculated(people(), score="score", params={"employer": "Example Inc."})
    facts = dict(ledger.tables[0].rows)
    assert (facts["Employer or agency"], facts["Tool"], facts["Persons assessed"]) == (
        "Example Inc.", "not given", 2000,
    )  # fmt: skip


def test_it_says_that_it_is_no_opinion_and_never_that_anybody_complies():
    _, ledger = calculated(people(), pred="hired")
    told = " ".join(
        [*ledger.notes, *(t.caption for t in ledger.tables), *(a.text for a in ledger.answers), LL144.method]
    )
    assert "calculations, not opinions" in told
    assert "complian" not in told.lower()


@pytest.mark.parametrize(
    ("roles", "groups", "error", "match"),
    [
        ({}, ("sex",), DataError, "needs a decision or a score"),
        ({"score": "score", "weight": "w"}, ("sex",), UsageError, "leave out --weight"),
        ({"score": "score"}, ("team",), UsageError, "finds no sex and no race among the groups team"),
        ({"score": "score"}, (), UsageError, "needs groups"),
    ],
)
def test_what_it_cannot_calculate_from_is_refused(roles, groups, error, match):
    frame = people(100).assign(w=1.0, team="a")
    with pytest.raises(error, match=match):
        calculated(frame, groups=groups, **roles)


def test_the_attributes_may_have_other_names():
    frame = people().rename(columns={"sex": "s", "race": "r"})
    found, _ = calculated(
        frame, groups=("s", "r"), score="score", params={"sex": "s", "race": "r", "unknown": ("Unknown",)}
    )
    assert value(found, "scoring_rate", "s=Male & r=White") is not None
    with pytest.raises(UsageError, match="--race names 'x', which is none of the groups s, r"):
        calculated(frame, groups=("s", "r"), score="score", params={"sex": "s", "race": "x"})


def test_where_all_persons_are_of_an_unknown_category_there_is_no_table_and_a_reason():
    frame = people().assign(sex="declined")
    found, ledger = calculated(frame, pred="hired")
    assert not [f for f in found if "sex" in f.group]
    assert [one.what for one in ledger.skipped] == ["impact ratios by sex", "impact ratios by sex × race"]
    assert [f for f in found if f.group == "race=White"]
