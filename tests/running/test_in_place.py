"""What a step is lent it leaves as it was: the steps after it read the same table, groups and predictions."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from running.made import planned

from auditkit import Audit, Finder, Finding, Metric, Mined, PluginError, Repair, Repaired
from auditkit.running.engine import run
from auditkit.spec.consent import Consent

pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")


class Share(Audit):
    """The share of p = 1 in each group, by the subject's own codes; and of what predictions say."""

    name, title, method = "share", "Share", "counts"
    metrics = (
        Metric(name="share", title="Share", formula="n"),
        Metric(name="said", title="Said", formula="n"),
    )

    def run(self, subject, params, context):
        for label, rows in (
            ("sex=F", subject.groupings[0].codes == 0),
            ("sex=M", subject.groupings[0].codes == 1),
        ):
            found = subject.column("p").to_numpy()[rows].mean()
            yield Finding(metric="share", value=float(found), n=int(rows.sum()), group=label)
        said = context.predictions(subject).pred
        yield Finding(metric="said", value=float(np.mean(said == 1)), n=len(said))


def shares(report):
    return {(f.metric, f.group): f.value for f in report.findings if f.step.startswith("share")}


CHANGES = {
    "a value": lambda s: s.table.__setitem__("p", 1),
    "one cell": lambda s: s.table.__setitem__("p", s.table["p"].where(s.table.index > 0, 1 - s.table["p"])),
    "one cell, by its place": lambda s: s.table.iloc.__setitem__((0, 3), 9),
    "a column more": lambda s: s.table.__setitem__("new", 1),
    "a column less": lambda s: s.table.drop(columns="x", inplace=True),  # noqa: PD002
    "the order of rows": lambda s: s.table.sort_values("x", ascending=False, inplace=True),  # noqa: PD002
    "its rows' numbers": lambda s: s.table.set_index("x", inplace=True),  # noqa: PD002
    "fewer rows": lambda s: s.table.drop(index=range(5), inplace=True),  # noqa: PD002
    "names": lambda s: s.table.rename(columns={"p": "q", "y": "p"}, inplace=True),  # noqa: PD002
    "a type": lambda s: s.table.__setitem__("p", s.table["p"].astype(float)),
    "a missing cell": lambda s: s.table.__setitem__("x", s.table["x"].mask(s.table.index == 3)),
}


@pytest.mark.parametrize("kind", [Audit, Finder])
@pytest.mark.parametrize("case", CHANGES)
def test_a_step_that_changes_the_table_it_is_lent_is_named(tmp_path, case, kind):
    def body(self, subject, params, context):
        CHANGES[case](subject)
        return Mined((), ()) if kind is Finder else ()

    words = {"name": "odd", "title": "o", "method": "m", "find" if kind is Finder else "run": body}
    with pytest.raises(PluginError, match=r"plugin 'made' 1\.2, step 'odd0' \(odd\): it changed the table"):
        run(planned(tmp_path, type("Odd", (kind,), words), Share, data={"pred": "p"}))


ARRAYS = {
    "codes of a group": lambda s, c: s.groupings[0].codes.__setitem__(slice(None), 0),
    "predictions": lambda s, c: c.predictions(s).pred.__setitem__(slice(None), 1),
    "sorted losses": lambda s, c: c.predictions(s).loss.sort(),
    "vectors": lambda s, c: s.embeddings.__setitem__(0, 9),
}


@pytest.mark.parametrize("case", ARRAYS)
def test_arrays_that_steps_share_cannot_be_written_to(tmp_path, case):
    def body(self, subject, params, context):
        ARRAYS[case](subject, context)
        return ()

    rows = pd.DataFrame({"sex": ["F", "M"] * 20, "y": [0, 1] * 20, "p": [0, 1, 1, 0] * 10})
    rows["v"] = [[float(i), 1.0] for i in range(40)]
    rows.to_parquet(tmp_path / "t.parquet")
    step = type("Odd", (Audit,), {"name": "odd", "title": "o", "method": "m", "run": body})
    data = {"path": "t.parquet", "pred": "p", "embeddings": "v"}
    with pytest.raises(PluginError, match=r"step 'odd0' \(odd\): ValueError: .*read-only"):
        run(planned(tmp_path, step, Share, data=data))


class Sorting(Repair):
    """Hands back its own table, sorted in place: the index says which rows they are."""

    name, title, method = "sorting", "s", "m"

    def apply(self, subject, params, context):
        subject.table.sort_values(["y", "x"], ascending=False, inplace=True)  # noqa: PD002
        return Repaired(subject)


class SortingAnew(Sorting):
    def apply(self, subject, params, context):
        subject.table.sort_values("y", inplace=True)  # noqa: PD002
        return Repaired(replace(subject, table=subject.table.iloc[::-1]))


@pytest.mark.parametrize("repair", [Sorting, SortingAnew])
def test_a_repair_that_sorts_its_table_in_place_repairs_no_gap(tmp_path, repair):
    before = shares(run(planned(tmp_path, Share, data={"pred": "p"})))
    assert shares(run(planned(tmp_path, repair, Share, data={"pred": "p"}))) == before


class Model:
    """Predicts one class for all rows; to fit it again changes it, and not the object."""

    classes_ = np.array([0, 1])

    def __init__(self):
        self.says = 0

    def predict(self, rows):
        return np.full(len(rows), self.says)


class Refitting(Repair):
    name, title, method = "refitting", "r", "m"

    def apply(self, subject, params, context):
        subject.model.says = 1
        return Repaired(subject)


def test_a_model_that_a_repair_fits_anew_in_place_predicts_anew(tmp_path, monkeypatch):
    (tmp_path / "made_model.py").write_text("from running.test_in_place import Model\n")
    plan = planned(
        tmp_path,
        Share,
        Refitting,
        Share,
        data={"model": "made_model:Model"},
        consent=Consent(allow_code=True),
    )
    said = [f.value for f in run(plan).findings if f.metric == "said"]
    assert said == [0.0, 1.0]


ROLES = {
    "cluster": "sex",
    "id": "k",
    "given": ["sex"],
    "weight": "w",
    "score": "s",
}


@pytest.mark.parametrize("role", ROLES)
def test_a_repair_that_drops_a_column_with_a_role_is_named(tmp_path, role):
    rows = pd.DataFrame({"sex": ["F", "M"] * 20, "y": [0, 1] * 20, "p": [0, 1, 1, 0] * 10, "k": range(40)})
    rows = rows.assign(w=1.0, s=0.5, x=np.arange(40.0))
    column = ROLES[role][0] if role == "given" else ROLES[role]

    class Dropping(Repair):
        name, title, method = "dropping", "d", "m"

        def apply(self, subject, params, context):
            return Repaired(replace(subject, table=subject.table.drop(columns=column)))

    with pytest.raises(PluginError, match=rf"step 'dropping0' \(dropping\): .*without column '{column}'"):
        run(planned(tmp_path, Dropping, Share, rows=rows, data={"pred": "p", role: ROLES[role]}))


VALUES = {
    "a class that is none": ({"pred": "p"}, {"p": 7}, "p"),
    "missing predictions": ({"pred": "p"}, {"p": [None, 1] * 20}, "p"),
    "scores that are missing": ({"pred": "p", "score": "s"}, {"s": np.nan}, "s"),
    "endless scores": ({"pred": "p", "score": "s"}, {"s": np.inf}, "s"),
    "negative weights": ({"pred": "p", "weight": "w"}, {"w": -1.0}, "w"),
    "missing weights": ({"pred": "p", "weight": "w"}, {"w": np.nan}, "w"),
    "endless losses": ({"pred": "p", "loss": "s"}, {"s": np.inf}, "s"),
}


@pytest.mark.parametrize("case", VALUES)
def test_values_that_a_role_cannot_have_are_the_repairs_fault(tmp_path, case):
    data, assigned, column = VALUES[case]
    rows = pd.DataFrame({"sex": ["F", "M"] * 20, "y": [0, 1] * 20, "p": [0, 1, 1, 0] * 10})
    rows = rows.assign(w=1.0, s=0.5, x=np.arange(40.0))

    class Spoiling(Repair):
        name, title, method = "spoiling", "s", "m"

        def apply(self, subject, params, context):
            return Repaired(replace(subject, table=subject.table.assign(**assigned)))

    with pytest.raises(PluginError, match=rf"step 'spoiling0' \(spoiling\): it hands back .*{column}"):
        run(planned(tmp_path, Spoiling, Share, rows=rows, data=data))
