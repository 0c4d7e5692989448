"""The counts of every cut and class equal those of a pass over the rows for each, as they were once made."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from auditkit import Group, Stats, Subject
from auditkit.groups.cut import group_by
from auditkit.measures import count, intersections
from auditkit.spec.groups import GroupSpec
from auditkit.testing import make_context
from auditkit_rates.rows.counts import counted, labels_of
from auditkit_rates.rows.cuts import Groups


def slow_counted(subject, labels, stats):
    """Yield name, groups, and counts of groups and rest, for each cut over all classes and each against the rest."""
    attributes = subject.groupings
    cuts = [("all rows", ("",), np.zeros(len(subject), dtype=np.int64), 1)]
    for cut in intersections(
        [a.codes for a in attributes],
        [a.labels for a in attributes],
        max_order=stats.max_order,
        min_n=stats.min_n,
    ):
        names = [attributes[index].name for index in cut.attributes]
        groups = tuple(
            " & ".join(f"{n}={label}" for n, label in zip(names, cell, strict=True)) for cell in cut.cells
        )
        cuts.append((" × ".join(names), groups, cut.codes, len(groups)))
    for group in subject.groups:
        codes = np.where(group.mask, 0, 1)
        codes[np.zeros(len(codes), dtype=bool) if group.seen is None else group.seen] = -1
        cuts.append((group.name, (group.name,), codes, 2))
    for name, groups, codes, size in cuts:
        for positive in (None, *range(len(labels.classes))):
            truth, predicted = (
                part if positive is None else np.where(part < 0, -1, (part == positive).astype(np.int64))
                for part in (labels.truth, labels.predicted)
            )
            k = len(labels.classes) if positive is None else 2
            found = count(codes, truth, predicted, n_groups=size, n_classes=k, weights=labels.weights)
            yield name, groups, found[: len(groups)], found.rest()[: len(groups)]


def subject(weight=None, n=500):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "sex": rng.choice(["F", "M", None], n, p=[0.4, 0.5, 0.1]),
            "race": rng.choice(["a", "b", "c"], n),
            "age": rng.choice(["y", "o"], n),
            "y": rng.choice(["u", "v", "w"], n),
            "p": rng.choice(["u", "v", "w"], n),
            "w": rng.gamma(2, size=n),
        }
    )
    made = Subject(table=frame, target="y", pred="p", weight=weight)
    made = group_by(made, {name: GroupSpec(column=name) for name in ("sex", "race", "age")})
    mask, seen = rng.random((2, n)) < 0.3
    return made.with_groups([Group("plain", "", "", mask), Group("mined", "", "", mask, seen=seen)])


def each_class(part, classes):
    stacked = part.stacked()
    for place in Groups(cut=part.cut, rows=part.rows, classes=(None,) * classes).places():
        rest = None if stacked.rest is None else stacked.rest[place]
        yield replace(stacked, own=stacked.own[place], rest=rest)


@pytest.mark.parametrize("weight", [None, "w"])
def test_counts_of_cuts_and_classes_equal_a_pass_over_the_rows_for_each(weight):
    made = subject(weight)
    labels = labels_of(made, make_context().predictions(made))
    fast = [
        one
        for part in counted(made, labels, Stats(max_order=3))
        for one in (part, *each_class(part, len(labels.classes)))
    ]
    slow = list(slow_counted(made, labels, Stats(max_order=3)))
    assert len(fast) == len(slow) == 4 * (1 + 7 + 2)
    for part, (name, groups, own, rest) in zip(fast, slow, strict=True):
        assert (part.cut.name, part.cut.groups) == (name, groups)
        pairs = [(part.own, own)] if part.rest is None else [(part.own, own), (part.rest, rest)]
        assert (part.rest is None) == (part.cut.kind == "everybody")
        for mine, theirs in pairs:
            np.testing.assert_array_equal(mine.counts, theirs.counts)
            np.testing.assert_allclose(mine.table, theirs.table, atol=1e-9)
            np.testing.assert_allclose(mine.squares, theirs.squares, atol=1e-9)
