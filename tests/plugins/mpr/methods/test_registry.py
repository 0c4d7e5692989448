"""Methods are found by their file, and each refuses what it does not serve."""

from typing import get_args, get_type_hints

import numpy as np
import pytest
from plugins.mpr.problems import asked, problem

from auditkit import UsageError
from auditkit_mpr import methods
from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.methods import registry
from auditkit_mpr.methods.registry import METHODS, NAMES, default_for, method_named
from auditkit_mpr.params import MoprParams

MINE = '''
from auditkit_mpr.methods.baseline import Baseline

class Worst(Baseline):
    """The least similar."""

    name = "{name}"
    preference = 99
    words = "the least similar items"

    def lists(self, query):
        return [query.similarities.argsort()[: query.k]]
'''


def served():
    candidates, attributes = problem(7, n=40, m=50)
    return candidates, (
        Ball("linear"),
        Ball("rbf", kernel="rbf"),
        Groups("groups:1", attributes, 1),
        Fitted("tree"),
    )


def test_the_methods_of_the_paper_are_there_in_the_order_that_help_shows():
    assert NAMES == ("cone", "lp", "qp", "integer", "nested", "mmr", "pbm", "clipclip", "topk", "algorithm1")
    assert len({method.words for method in METHODS}) == len(METHODS)


def test_what_users_may_write_is_what_the_registry_knows():
    assert get_args(get_args(get_type_hints(MoprParams)["method"])[0]) == NAMES


def test_a_new_file_is_a_new_method(tmp_path, monkeypatch):
    (tmp_path / "worst_of_all.py").write_text(MINE.format(name="worst"))
    monkeypatch.setattr(methods, "__path__", [*methods.__path__, str(tmp_path)])
    found = registry._in_this_room()
    assert [method.name for method in found] == [*NAMES, "worst"]
    candidates, _ = problem(7, n=40, m=50)
    answer = found[-1].answer(asked(Ball("linear"), candidates, 5), 0.5)
    assert set(answer.chosen) == set(np.argsort(candidates.similarities)[:5])
    assert answer.certificate.method == "worst"


def test_two_methods_of_one_name_are_refused(tmp_path, monkeypatch):
    (tmp_path / "another_cone.py").write_text(MINE.format(name="cone"))
    monkeypatch.setattr(methods, "__path__", [*methods.__path__, str(tmp_path)])
    with pytest.raises(TypeError, match="two methods have one name"):
        registry._in_this_room()


@pytest.mark.parametrize("name", ["magic", "", "Cone", "integer_start", "own list"])
def test_an_unknown_method_is_refused(name):
    with pytest.raises(UsageError, match=f"there is no method '{name}'.*known: cone, lp"):
        method_named(name)


def test_the_default_is_the_cone_where_mpr_is_a_length_and_cutting_planes_elsewhere():
    _, classes = served()
    assert [default_for(one).name for one in classes] == ["cone", "cone", "lp", "lp"]


def test_a_method_answers_for_a_class_that_it_serves_and_refuses_every_other():
    candidates, classes = served()
    refused = []
    for one in classes:
        for method in METHODS[:4]:
            query = asked(one, candidates, 5)
            if method.serves(one):
                assert method.answer(query, 0.3).certificate.method == method.name
                continue
            with pytest.raises(UsageError, match=f"method {method.name} is for {method.serves_words}"):
                method.answer(query, 0.3)
            refused.append((method.name, one.name))
    assert refused == [
        ("cone", "groups:1"),
        ("qp", "groups:1"),
        ("cone", "tree"),
        ("qp", "tree"),
        ("integer", "tree"),
    ]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("mmr", "needs vectors of the items"),
        ("clipclip", "needs an attribute with groups"),
        ("pbm", "needs an attribute with groups"),
    ],
)
def test_a_method_whose_needs_are_not_met_says_so(name, sentence):
    candidates, _ = problem(7, n=40, m=50)
    with pytest.raises(UsageError, match=sentence):
        method_named(name).answer(asked(Ball("linear"), candidates, 5), 0.3)
