"""What holds for every search, and that a new one is one file."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.calls import STEPS, features_of, mined, proposed
from plugins.minoria.seeded import minoria_2d

from auditkit import Stats, Subject
from auditkit.groups.expressions import select_rows
from auditkit.testing import check_step, make_context
from auditkit_minoria import searches
from auditkit_minoria.groups.choose import Choice
from auditkit_minoria.searches import every_search
from auditkit_minoria.searches.interface import Ground
from auditkit_minoria.steps import Minoria, MinoriaParams, _step_of

DOCS = Path(__file__).parents[4] / "docs" / "minoria.md"

ONE_FILE = '''
"""Rows with a high first feature: a search whose rule is a condition, not a direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from annotated_doc import Doc
from annotated_types import Gt, Lt

from auditkit_minoria.groups.rule import Rule
from auditkit_minoria.params import CommonParams
from auditkit_minoria.searches.interface import Search


@dataclass(frozen=True, kw_only=True)
class AboveParams(CommonParams):
    cut: Annotated[float, Gt(0), Lt(1), Doc("share of rows below")] = 0.9


@dataclass(frozen=True, eq=False)
class Above(Rule):
    noun: ClassVar[str] = "slice"
    limit: float

    def members(self, features):
        return features.matrix[:, 0] >= self.limit

    def price(self, features):
        return 0.0

    def in_words(self, features):
        return f"rows with {features.columns[0].name} from {self.limit:.3g} on"

    def expression(self, features, table):
        column = features.columns[0]
        return f"`{column.source}` >= {self.limit * column.scale + column.centre!r}"

    def sources(self, features):
        return (features.columns[0].source,)


def propose(ground, params):
    import numpy as np

    return [Above(float(np.quantile(ground.points[:, 0], params.cut)) + 1e-9)]


SEARCH = Search(name="above", title="rows above a cut", method="A cut.", Params=AboveParams, propose=propose)
'''


@pytest.fixture
def above(tmp_path, monkeypatch):
    """A folder more in which searches are looked for, with one file in it."""
    (tmp_path / "above.py").write_text(ONE_FILE)
    monkeypatch.setattr(searches, "__path__", [*searches.__path__, str(tmp_path)])
    every_search.cache_clear()
    yield every_search()["above"]
    every_search.cache_clear()
    sys.modules.pop("auditkit_minoria.searches.above")


def test_a_new_search_is_one_file_and_its_rule_need_not_be_a_direction(above):
    step = _step_of(above)
    check_step(step, subjects={})  # run on tiny subjects by tests/host/test_check.py
    assert (step.name, step.title) == ("minoria.above", "Unknown groups: rows above a cut")
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": rng.normal(50, 9, size=2000), "b": rng.normal(size=2000)})
    table["cost"] = rng.exponential(size=2000) + 2.0 * (table["a"] > 62)
    context = make_context(stats=Stats(show_rows=5))
    found = step().find(Subject(table=table, loss="cost", features=("a", "b")), step.Params(), context)
    (group,) = found.groups
    assert found.confirmed == {group.name}
    assert group.rule.startswith("rows with a ≥ ")  # the plain rule of the same rows
    assert select_rows(group.expression, table).tolist() == group.mask.tolist()
    assert {finding.metric for finding in found.findings} == {
        "loss_gap",
        "tail_loss",
        "tail_share",
        "excess_loss",
    }
    assert any(shown.title == "Rows to look at first" for shown in context.ledger.tables)


def test_rows_of_a_rule_that_fare_no_worse_are_named_by_its_noun(above):
    points = minoria_2d(400)
    (one,) = mined(
        points, np.ones(400), np.arange(400) % 2 == 0, rng=np.random.default_rng(0), search=above, tau=0.1
    )
    assert (one.group, one.reason) == (False, "slice not under-performing")


def test_a_file_without_a_search_is_an_error_and_not_left_out(tmp_path, monkeypatch):
    (tmp_path / "empty.py").write_text("")
    monkeypatch.setattr(searches, "__path__", [*searches.__path__, str(tmp_path)])
    every_search.cache_clear()
    with pytest.raises(AttributeError, match="SEARCH"):
        every_search()
    every_search.cache_clear()


def test_a_name_that_no_search_has_leads_to_none():
    with pytest.raises(KeyError):
        every_search()["climbb"]


@pytest.mark.parametrize("name", sorted(every_search()))
def test_every_search_declares_what_the_program_reads_from_it(name):
    search = every_search()[name]
    assert search.title
    assert search.method.endswith(".")
    own = STEPS.get(f"minoria.{name}")
    assert (own is None) == bool(search.known_as)
    assert own is None or own.Params is search.Params
    assert search.needs.most is None or search.needs.instead


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(every_search()))
def test_rules_are_proposed_and_its_machine_code_is_made_by_the_first_call_alone(name):
    search = every_search()[name]
    code = None if search.kernel is None else search.kernel()
    if code is not None:
        code.first_call()
    before = None if code is None else list(code.code.signatures)
    columns = search.needs.most or 4
    points = np.random.default_rng(1).exponential(size=(200, columns))
    loss = points[:, 0] + np.random.default_rng(2).exponential(size=200)
    rules = proposed(points, loss, rng=np.random.default_rng(3), search=search)
    assert rules
    for rule in rules:
        assert 0 < rule.members(features_of(points)).sum() < 200
    assert code is None or list(code.code.signatures) == before


def test_of_many_rows_a_search_for_few_takes_a_sample():
    points = np.random.default_rng(1).normal(size=(1500, 2))
    rng = np.random.default_rng(3)
    some = Ground(
        features=features_of(points), loss=None, choice=Choice(), rng=rng, context=make_context()
    ).sample(1000)
    assert some.shape == (1000, 2)
    places = [int(np.flatnonzero((points == row).all(axis=1))[0]) for row in some]
    assert places == sorted(set(places))


def test_the_page_names_every_search_and_which_of_them_are_exact():
    table = DOCS.read_text().split("## Which search")[1].split("##")[0]
    rows = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3:
            rows |= dict.fromkeys(re.findall(r"`(minoria[.\w]*)`", cells[0]), cells[2])
    assert set(rows) == set(STEPS)
    for name, step in STEPS.items():
        if step.search is not None:
            assert step.search.exact == rows[name].startswith(("yes", "but")), name


def test_plain_minoria_takes_what_its_searches_take():
    known = {field for search in every_search().values() for field in search.Params.__dataclass_fields__}
    assert set(MinoriaParams.__dataclass_fields__) <= known
    assert Minoria.Params is MinoriaParams


def test_declaring_every_search_loads_nothing_heavy():
    code = "import auditkit_minoria, sys; print({'numpy', 'pandas', 'numba', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
