"""`plugins check` and the test kit run every kind of thing on tiny subjects and find what breaks the contract."""

from dataclasses import MISSING, dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import pytest
from annotated_doc import Doc
from annotated_types import Gt

from auditkit import (
    Audit,
    DataError,
    Dataset,
    Finder,
    Finding,
    Group,
    Loader,
    Metric,
    Mined,
    ModelReader,
    Renderer,
    Repair,
    Repaired,
)
from auditkit.plugins.host import Plugin, load_plugins
from auditkit.testing import (
    check_dataset,
    check_loader,
    check_model,
    check_plugin,
    check_recipe,
    check_renderer,
    check_step,
    make_context,
    tiny_report,
    tiny_subjects,
)

ROWS = Metric(name="rows", title="Rows", formula="n")


class Count(Audit):
    name, title, method, metrics = "count", "Count", "counts", (ROWS,)

    def run(self, subject, params, context):
        return (Finding(metric="rows", value=len(subject), n=len(subject)),)


class Find(Finder):
    name, title, method, metrics = "find", "Find", "looks", (ROWS,)

    def find(self, subject, params, context):
        mask = context.rng().random(len(subject)) < 0.5
        return Mined(
            (Group("half", "a half", "", mask),), (Finding(metric="rows", value=1, n=1, group="half"),)
        )


class Mend(Repair):
    name, title, method, metrics = "mend", "Mend", "mends", (ROWS,)

    def apply(self, subject, params, context):
        return Repaired(replace(subject, table=subject.table.sample(frac=0.5, random_state=0)))


def step(base, **bodies):
    return type(base.__name__, (base,), bodies)


@pytest.mark.parametrize("kind", [Count, Find, Mend])
def test_a_step_that_keeps_the_contract_runs_on_every_tiny_subject(kind):
    assert check_step(kind) == tuple(tiny_subjects())


def test_a_step_that_serves_some_subjects_runs_on_these():
    def check(self, subject, params):
        subject.need_target()

    assert "no target" not in check_step(step(Count, check=check))
    assert "numbers" in check_step(step(Count, check=check))


def test_a_step_may_be_checked_with_parameters_and_subjects_of_the_authors():
    @dataclass(frozen=True)
    class Params:
        n: Annotated[int, Doc("a number")] = 1

    seen = []

    class Asked(Count):
        def run(self, subject, params, context):
            seen.append(params.n)
            return ()

    Asked.Params = Params
    assert check_step(Asked, Params(n=7), subjects={"mine": tiny_subjects()["numbers"]}) == ("mine",)
    assert seen == [7, 7]


def wants(kind, default):
    @dataclass(frozen=True)
    class Params:
        a: Annotated[kind, Doc("a")] = default

    return step(Count, Params=Params)


nothing = lambda *_: None  # noqa: E731
BROKEN = {
    "an audit of None": (step(Count, run=nothing), "findings must be a tuple of Finding values, and is None"),
    "a finder of None": (step(Find, find=nothing), "find must return Mined, and returned None"),
    "a repair of None": (step(Mend, apply=nothing), "apply must return Repaired, and returned None"),
    "an exit": (step(Count, run=lambda *_: exit(0)), "SystemExit: 0"),
    "a fault": (step(Count, run=lambda *_: 1 / 0), "ZeroDivisionError"),
    "a check that fails": (step(Count, check=lambda *_: 1 / 0), "ZeroDivisionError"),
    "undeclared": (step(Count, metrics=()), "it reports 'rows', which it does not declare"),
    "a group that is not": (
        step(Count, run=lambda *_: (Finding(metric="rows", value=1, n=1, group="sex=W"),)),
        "there is no such group",
    ),
    "only on few rows": (
        step(Count, run=lambda _, subject, *__: () if len(subject) > 100 else None),
        "(on the tiny subject 'few rows')",
    ),
    "rows renumbered": (
        step(Mend, apply=lambda _, s, *__: Repaired(replace(s, table=s.table.iloc[::-1].reset_index(drop=True)))),
        "it hands back rows under the numbers of other rows",
    ),
    "chance of its own": (
        step(Count, run=lambda *_: (Finding(metric="rows", value=float(np.random.default_rng().random()), n=1),)),
        "finds other numbers from the same seed",
    ),
    "a default of another type": (wants(int, "text"), "count: the default parameters are not valid: a: "),
    "a default out of reach": (wants(Annotated[float, Gt(1)], 0.5), "the default parameters are not valid"),
    "a default that is missing": (wants(int, MISSING), "the default parameters are not valid"),
    "a size that is none": (step(Count, memory=lambda *_: "8GB"), "memory must return a number of bytes"),
    "a size that fails": (step(Count, memory=lambda *_: 1 / 0), "ZeroDivisionError"),
    "a table that it changes": (
        step(Count, run=lambda _, s, *__: (s.table.__setitem__("new", 1), ())[1]),
        "it changed the table that it was lent",
    ),
    "codes that it writes to": (
        step(Count, run=lambda _, s, *__: [g.codes.fill(0) for g in s.groupings][:0]),
        "read-only",
    ),
    "no title": (step(Count, title=""), "does not say its title"),
    "a metric twice": (step(Count, metrics=(ROWS, ROWS)), "declares a metric twice"),
    "no formula": (step(Count, metrics=(replace(ROWS, formula=""),)), "has no formula"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_step_that_breaks_the_contract_is_found(case):
    made, says = BROKEN[case]
    with pytest.raises(AssertionError) as caught:
        check_step(made)
    assert says in str(caught.value)


def refuses(where):
    message = f"{where} is not there"
    raise DataError(message)


def test_readers_and_writers_that_keep_the_contract_pass():
    check_loader(Loader("a", refuses, scheme="a", extensions=(".a",)))
    check_loader(Loader("a", lambda _: pd.DataFrame({"x": [1]}), scheme="a"))
    check_model(ModelReader("a", lambda path: path.suffix == ".a", len))
    check_renderer(Renderer("a", lambda report: report.name, (".a",)))


OFFERS = {
    "a loader of None": (check_loader, Loader("a", nothing, scheme="a"), "returned None, not a pandas DataFrame"),
    "a loader of None by ending": (check_loader, Loader("a", nothing, extensions=(".a",)), "returned None"),
    "a loader that breaks": (check_loader, Loader("a", lambda p: 1 / 0, scheme="a"), "ZeroDivisionError"),
    "a loader that breaks on junk": (
        check_loader,
        Loader("a", lambda path: pd.DataFrame({"x": [Path(path).read_text(encoding="utf-8")]}), extensions=(".a",)),
        "UnicodeDecodeError",
    ),
    "no loader": (check_loader, len, "must return Loader values"),
    "a model reader of None": (check_model, ModelReader("a", nothing, len), "accepts returned None"),
    "a model reader of anything": (check_model, ModelReader("a", lambda _: True, len), "accepts any file"),
    "a model reader that opens": (
        check_model, ModelReader("a", lambda path: bool(path.read_bytes()), len), "FileNotFoundError",
    ),
    "a model reader of no code": (
        check_model, ModelReader("a", lambda _: False, len, code=nothing), "code returned None",
    ),
    "a renderer of None": (check_renderer, Renderer("a", nothing, (".a",)), "returned None, not text"),
    "a renderer of nothing": (check_renderer, Renderer("a", lambda _: "", (".a",)), "writes nothing"),
    "a renderer that exits": (check_renderer, Renderer("a", lambda _: exit(1), (".a",)), "SystemExit: 1"),
    "a data set that is not there": (
        check_dataset, Dataset(name="d", title="", path="none.csv", licence="", citation=""), "none.csv does not exist",
    ),
    "a recipe that is not there": (check_recipe, Path("none.yaml"), "recipe none.yaml is no file"),
}  # fmt: skip


@pytest.mark.parametrize("case", OFFERS)
def test_what_else_a_plugin_brings_is_called_and_checked(case):
    check, offer, says = OFFERS[case]
    with pytest.raises(AssertionError) as caught:
        check(offer)
    assert says in str(caught.value)


def test_a_recipe_that_is_no_mapping_is_found(tmp_path):
    (tmp_path / "r.yaml").write_text("[1, 2]")
    with pytest.raises(AssertionError, match=r"recipe r\.yaml is no mapping"):
        check_recipe(tmp_path / "r.yaml")


def test_a_data_set_whose_target_is_no_column_is_found(tmp_path):
    (tmp_path / "d.csv").write_text("a,b\n" + "1,2\n2,1\n" * 9)
    dataset = Dataset(name="d", title="", path=str(tmp_path / "d.csv"), licence="", citation="", target="c")
    with pytest.raises(AssertionError, match="column 'c'"):
        check_dataset(dataset)
    check_dataset(replace(dataset, target="b"))


def test_a_plugin_is_checked_thing_by_thing():
    plugin = Plugin(
        name="p", module="p", distribution="p", version="1", seconds=0.0,
        provides={
            "audits": (Count, step(Count, name="none", run=nothing)),
            "renderers": (Renderer("a", nothing, (".a",)),),
            "models": (ModelReader("m", lambda _: False, len),),
        },
    )  # fmt: skip
    told = [(one.what, bool(one.problem)) for one in check_plugin(plugin)]
    assert told == [
        ("audit count", False),
        ("audit none", True),
        ("model reader m", False),
        ("renderer a", True),
    ]
    (aside,) = check_plugin(replace(plugin, provides={}, problem="ImportError: x"))
    assert aside.problem == "set aside: ImportError: x"


def test_the_tiny_report_is_one_that_the_store_reads_back(tmp_path):
    from auditkit.store.runs import find_run, save

    assert find_run(save(tiny_report(), tmp_path), tmp_path) == tiny_report()


def test_a_context_holds_what_a_step_says():
    context = make_context()
    context.say("a word")
    assert context.ledger.notes == ["a word"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["formats", "faces", "rates", "mpr", "minoria", "mime", "shasam", "repairs"])
def test_the_built_in_plugins_keep_the_contract(name):
    plugin = next(plugin for plugin in load_plugins().plugins if plugin.name == name)
    assert [one for one in check_plugin(plugin) if one.problem] == []
