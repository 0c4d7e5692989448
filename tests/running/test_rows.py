"""Rows keep their identity through a repair: groups, masks, seen rows and embeddings go where the rows go."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from running.made import planned, table

from auditkit import Audit, Finder, Finding, Group, Metric, Mined, PluginError, Repair, Repaired
from auditkit.running.engine import run
from auditkit.running.handed.moved import lost_index
from auditkit.values.subject import Retrieval, Subject

SHARE = Metric(name="share", title="Share right", formula="right / n")


class Right(Audit):
    """The share of right predictions of every group, by the subject's own codes and masks."""

    name, title, method, metrics = "right", "Right", "counts", (SHARE,)

    def run(self, subject, params, context):
        right = (subject.table["p"] == subject.table["y"]).to_numpy()
        masks = {
            f"{g.name}={label}": g.codes == i for g in subject.groupings for i, label in enumerate(g.labels)
        }
        masks |= {group.name: group.mask for group in subject.groups}
        yield Finding(metric="share", value=float(right.mean()), n=len(right))
        for name, mask in masks.items():
            if mask.any():
                yield Finding(metric="share", value=float(right[mask].mean()), n=int(mask.sum()), group=name)


class Tall(Finder):
    name, title, method = "tall", "Tall", "looks"

    def find(self, subject, params, context):
        mask = (subject.table["x"] > 2).to_numpy()
        return Mined((Group("tall", "x above 2", "`x` > 2", mask, seen=np.arange(len(mask)) < 10),), ())


def repairing(change, learned=None):
    class Made(Repair):
        name, title, method = "made", "Made", "repairs"

        def apply(self, subject, params, context):
            after = change(subject)
            after = after if isinstance(after, Subject) else replace(subject, table=after)
            return Repaired(after, learned=None if learned is None else learned(subject))

    return Made


def told(report, stage):
    return {f.group: (f.value, f.n) for f in report.findings if f.stage == stage}


def shuffled(subject):
    return subject.table.sample(frac=1, random_state=0)


SAME_ROWS = {
    "shuffled": shuffled,
    "sorted": lambda s: s.table.sort_values("sex"),
    "turned round": lambda s: s.table.iloc[::-1],
    "as it was": lambda s: s.table.copy(),
    "without the group's column": lambda s: replace(
        s, table=s.table.drop(columns="sex"), features=("x",), groupings=()
    ),
    "with groups of its own": lambda s: replace(s, groupings=(), groups=()),
    "with a column more": lambda s: s.table.assign(new=1).sort_values("x", ascending=False),
    "with the group's values blanked": lambda s: s.table.assign(sex="?"),
    "with the group's values shuffled": lambda s: s.table.assign(sex=s.table["sex"].to_numpy()[::-1]),
}


@pytest.mark.parametrize("case", SAME_ROWS)
def test_a_repair_of_the_same_rows_repairs_no_gap(tmp_path, case):
    report = run(planned(tmp_path, Tall, Right, repairing(SAME_ROWS[case]), Right, data={"pred": "p"}))
    assert told(report, 0).keys() == {"", "sex=F", "sex=M", "tall"}
    assert told(report, 1) == told(report, 0)


FEWER = {
    "the first": lambda s: s.table.head(25),
    "the last": lambda s: s.table.tail(25),
    "every other one, turned round": lambda s: s.table.iloc[::2].iloc[::-1],
    "a sample": lambda s: s.table.sample(20, random_state=1),
    "women, relabelled": lambda s: s.table[s.table["sex"] == "F"].assign(y=0, p=0),
    "one": lambda s: s.table.iloc[[7]].assign(y=1),
}


@pytest.mark.parametrize("case", FEWER)
def test_a_repair_that_leaves_rows_out_is_measured_on_the_others_in_their_groups(tmp_path, case):
    class Columns(Right):
        """The same by the columns themselves."""

        name = "columns"

        def run(self, subject, params, context):
            kept = subject.table
            assert list(kept.index) == list(range(len(kept)))
            right = kept["p"] == kept["y"]
            women, tall = kept["sex"] == "F", kept["x"] > 2
            for name, mask in {"": right | True, "sex=F": women, "sex=M": ~women, "tall": tall}.items():
                if mask.any():
                    yield Finding(
                        metric="share", value=float(right[mask].mean()), n=int(mask.sum()), group=name
                    )

    report = run(planned(tmp_path, Tall, repairing(FEWER[case]), Right, Columns, data={"pred": "p"}))
    by_codes, by_columns = (
        {f.group: (f.value, f.n) for f in report.findings if f.step == step}
        for step in ("right2", "columns3")
    )
    assert by_codes == by_columns


LOST = {
    "shuffled": lambda s: shuffled(s).reset_index(drop=True),
    "sorted by a group": lambda s: s.table.sort_values("sex").reset_index(drop=True),
    "shuffled and relabelled": lambda s: shuffled(s).reset_index(drop=True).assign(p=1),
    "fewer": lambda s: s.table.tail(25).reset_index(drop=True),
    "every other one": lambda s: s.table.iloc[::2].reset_index(drop=True),
}


@pytest.mark.parametrize("case", LOST)
def test_rows_that_were_moved_without_their_index_are_refused(tmp_path, case):
    with pytest.raises(
        PluginError, match=r"step 'made0' \(made\): it hands back rows under the numbers of other"
    ):
        run(planned(tmp_path, repairing(LOST[case]), Right, data={"pred": "p"}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: s.table.head(0), "it hands back no rows"),
        (lambda s: pd.concat([s.table, s.table.head(1)]), "it hands back row 0 more than once"),
        (lambda s: s.table.rename(index={3: 99}), "it hands back row 99, which it was not given"),
        (lambda s: s.table.set_index(s.table["sex"].to_numpy()), "more than once"),
        (lambda s: replace(s, embeddings=np.ones((3, 2))), "it hands back 40 rows and 3 embeddings"),
    ],
)
def test_rows_that_nobody_gave_it_are_refused(tmp_path, change, says):
    with pytest.raises(PluginError, match=re.escape(says)):
        run(planned(tmp_path, repairing(change), Right, data={"pred": "p"}))


def test_a_table_whose_values_changed_in_place_keeps_its_rows():
    before = table()
    rows = np.arange(len(before))
    assert not lost_index(before, before.assign(y=1 - before["y"]), rows)
    assert not lost_index(before, before.assign(x=before["x"].rank(), y=0), rows)
    assert not lost_index(before, before.assign(sex=before["sex"].to_numpy()[::-1]), rows)
    assert not lost_index(before, before.assign(lists=[[1]] * len(before)), rows)


def half(subject):
    return np.arange(len(subject)) < len(subject) // 2


def test_audits_leave_out_the_rows_that_a_repair_learned_from_and_a_note_says_so(tmp_path):
    report = run(planned(tmp_path, Tall, repairing(shuffled, learned=half), Right, Right, data={"pred": "p"}))
    rows = table().tail(20)
    right = rows["p"] == rows["y"]
    assert told(report, 1)[""] == (float(right.mean()), 20)
    assert told(report, 1)["sex=F"] == (
        float(right[rows["sex"] == "F"].mean()),
        int((rows["sex"] == "F").sum()),
    )
    assert told(report, 1)["tall"][1] == int((rows["x"] > 2).sum())
    assert (
        "After made1, audits leave out the 20 of 40 rows that a repair learned from; finders still see them."
        in report.notes
    )


def test_a_repair_before_has_learned_from_its_rows_still(tmp_path):
    first = repairing(lambda s: s.table.iloc[::-1], learned=lambda s: np.arange(40) < 10)

    class Second(repairing(lambda s: s.table.tail(35), learned=lambda s: s.table["x"].to_numpy() > 3.45)):
        name = "second"

    report = run(planned(tmp_path, first, Second, Right, data={"pred": "p"}))
    # Reversed, the last 35 are the rows 34..0; of these 0..9 were learned from, and none above 34.
    assert told(report, 2)[""][1] == 25


def test_a_repair_that_learned_from_every_row_is_said_to_flatter(tmp_path):
    learned = repairing(lambda s: s, learned=lambda s: np.ones(40, dtype=bool))
    report = run(planned(tmp_path, learned, Right, data={"pred": "p"}))
    assert told(report, 1)[""][1] == 40
    assert any("A repair learned from all rows" in note for note in report.notes)


@pytest.mark.parametrize(
    "learned", [np.ones(39, bool), np.arange(40), [True] * 3, "all", np.ones((40, 1), bool)]
)
def test_learned_rows_mark_those_that_were_given(tmp_path, learned):
    with pytest.raises(PluginError, match="learned must mark the 40 rows"):
        run(planned(tmp_path, repairing(lambda s: s, learned=lambda s: learned)))


def test_groups_found_after_a_repair_are_audited_on_the_rows_that_are_left(tmp_path):
    report = run(planned(tmp_path, repairing(lambda s: s, learned=half), Tall, Right, data={"pred": "p"}))
    assert told(report, 1)["tall"][1] == int((table().tail(20)["x"] > 2).sum())


class Drawn:
    """Images whose pixels are the row's number."""

    def __len__(self):
        return 40

    def read(self, rows, *, size):
        return np.stack([np.full((size, size, 3), row, dtype=np.uint8) for row in rows])


def test_what_belongs_to_a_row_is_taken_along():
    rows = np.array([5, 3, 8])
    subject = Subject(
        table=table(),
        embeddings=np.arange(40.0)[:, None],
        images=Drawn(),
        retrieval=Retrieval(ranked={"q": np.array([3, 1, 5]), "r": np.array([8, 5, 3])}, depth=3),
        groups=(Group("odd", "odd", "", np.arange(40) % 2 == 1, seen=np.arange(40) < 4),),
        seen=np.arange(40) > 6,
    ).take(rows)
    assert subject.table["x"].tolist() == [0.5, 0.3, 0.8]
    assert subject.embeddings[:, 0].tolist() == [5, 3, 8]
    assert subject.images.read([2, 0], size=1)[:, 0, 0, 0].tolist() == [8, 5]
    assert (len(subject.images), subject.seen.tolist()) == (3, [False, False, True])
    assert (subject.groups[0].mask.tolist(), subject.groups[0].seen.tolist()) == (
        [True, True, False],
        [False, True, False],
    )
    assert {query: items.tolist() for query, items in subject.retrieval.ranked.items()} == {
        "q": [1, 0],
        "r": [2, 0, 1],
    }
    assert subject.retrieval.depth == 2
