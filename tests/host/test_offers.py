"""What plugins hand over is held to its types as they load; what it does later names the plugin."""

import re
import sys
import textwrap
from importlib.metadata import EntryPoint
from pathlib import Path

import pandas as pd
import pytest
from host.made import counting
from render.example import report

from auditkit import DataError, Loader, ModelReader, PluginError, Renderer
from auditkit.plugins.calls import named
from auditkit.plugins.host import load_plugins


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """Load a plugin of this source, and a good one after it; return both."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def load(source):
        entries = []
        for name, text in (("bad", source), ("good", counting("count"))):
            module = f"offer_{name}_{abs(hash(tmp_path))}"
            (tmp_path / f"{module}.py").write_text(textwrap.dedent(text))
            monkeypatch.delitem(sys.modules, module, raising=False)
            entries.append(EntryPoint(name, module, "auditkit"))
        host = load_plugins(found=entries)
        assert "count" in host.steps
        return next(plugin for plugin in host.plugins if plugin.name == "bad")

    return load


HEAD = """
from dataclasses import dataclass
from pathlib import Path
from auditkit import Audit, Dataset, Finder, Loader, Metric, ModelReader, Renderer, Repair, hookimpl

class Whole(Audit):
    name, title, method = "whole", "Whole", "n"

    def run(self, subject, params, context):
        return ()

def made(**changes):
    return type("Made", (Whole,), {"name": "made", **changes})

def data(**changes):
    return Dataset(**{"name": "d", "title": "D", "path": "d.csv", "licence": "L", "citation": "C", **changes})
"""


def hook(kind, value):
    return f"{HEAD}\n@hookimpl\ndef auditkit_{kind}():\n    return {value}\n"


WRONG = {
    "audits: None": (hook("audits", "None"), "auditkit_audits returned None; return a list"),
    "audits: a class": (hook("audits", "Whole"), "auditkit_audits returned a ABCMeta; return a list"),
    "audits: text": (hook("audits", "'whole'"), "auditkit_audits returned a str; return a list"),
    "audits: a step, not its class": (hook("audits", "[Whole()]"), "must return classes derived from auditkit.Audit"),
    "audits: a finder": (hook("finders", "[Whole]"), "must return classes derived from auditkit.Finder"),
    "audits: the base": (hook("audits", "[Audit]"), "step Audit does not say its name, title, method"),
    "audits: abstract": (
        hook("audits", "[type('A', (Audit,), {'name': 'a', 'title': 't', 'method': 'm'})]"),
        "step a cannot be made: TypeError: Can't instantiate abstract class A",
    ),
    "finders: abstract": (
        hook("finders", "[type('A', (Finder,), {'name': 'a', 'title': 't', 'method': 'm'})]"),
        "step a cannot be made: TypeError: Can't instantiate abstract class A",
    ),
    "repairs: abstract": (
        hook("repairs", "[type('A', (Repair,), {'name': 'a', 'title': 't', 'method': 'm'})]"),
        "step a cannot be made: TypeError: Can't instantiate abstract class A",
    ),
    "audits: wants arguments": (
        hook("audits", "[made(__init__=lambda self, model: None)]"),
        "step made cannot be made: TypeError",
    ),
    "audits: name of two words": (hook("audits", "[made(name='two words')]"), "step 'two words' has a name with spaces"),
    "audits: empty title": (hook("audits", "[made(title=' ')]"), "step Made does not say its title"),
    "audits: metrics a list": (hook("audits", "[made(metrics=['tpr'])]"), "metrics must be a tuple of Metric values"),
    "audits: one metric": (
        hook("audits", "[made(metrics=Metric(name='a', title='', formula=''))]"),
        "metrics must be a tuple of Metric values",
    ),
    "audits: a metric without words": (
        hook("audits", "[made(metrics=(Metric(name='a', title=None, formula=''),))]"),
        "step made: metric 'a': title must be text",
    ),
    "audits: a comparison of its own": (
        hook("audits", "[made(metrics=(Metric(name='a', title='', formula='', compares=('to_worst',)),))]"),
        "step made: metric 'a': compares must be a tuple of absolute, to_rest",
    ),
    "audits: a comparison as text": (
        hook("audits", "[made(metrics=(Metric(name='a', title='', formula='', compares='absolute'),))]"),
        "step made: metric 'a': compares must be a tuple of absolute, to_rest",
    ),
    "audits: a direction of its own": (
        hook("audits", "[made(metrics=(Metric(name='a', title='', formula='', direction='up'),))]"),
        "step made: metric 'a': direction 'up' is not known",
    ),
    "audits: params no dataclass": (hook("audits", "[made(Params=dict)]"), "step made: Params is no dataclass"),
    "audits: params of unknown types": (
        hook("audits", "[made(Params=dataclass(type('P', (), {'__annotations__': {'a': 'Nowhere'}, 'a': 1})))]"),
        "step made cannot be made: NameError: name 'Nowhere' is not defined",
    ),
    "audits: the same twice": (hook("audits", "[Whole, Whole]"), "step whole is provided twice"),
    "datasets: a dict": (hook("datasets", "[{'name': 'd'}]"), "auditkit_datasets must return Dataset values, not a dict"),
    "datasets: a dict of them": (hook("datasets", "{'d': data()}"), "auditkit_datasets returned a dict; return a list"),
    "datasets: no path": (hook("datasets", "[data(path=None)]"), "Dataset 'd': path must be text"),
    "datasets: a Path": (hook("datasets", "[data(path=Path('d.csv'))]"), "Dataset 'd': path must be text"),
    "datasets: no name": (hook("datasets", "[data(name='')]"), "a Dataset has no name"),
    "datasets: sensitive as text": (
        hook("datasets", "[data(sensitive='sex')]"),
        "Dataset 'd': sensitive must be a tuple of column names",
    ),
    "datasets: groups": (hook("datasets", "[data(groups={'sex': 'sex'})]"), "each of groups must be a dict with a column"),
    "datasets: target": (hook("datasets", "[data(target=3)]"), "Dataset 'd': target must be text, or None"),
    "loaders: a function": (hook("loaders", "[len]"), "auditkit_loaders must return Loader values"),
    "loaders: one, no list": (hook("loaders", "Loader('a', len, 'a')"), "auditkit_loaders returned a Loader; return a list"),
    "loaders: read": (hook("loaders", "[Loader('a', 'read', scheme='a')]"), "Loader 'a': read must be a function"),
    "loaders: reads nothing": (hook("loaders", "[Loader('a', len)]"), "Loader 'a' has neither a scheme nor extensions"),
    "loaders: extensions as text": (
        hook("loaders", "[Loader('a', len, extensions='.xyz')]"),
        "Loader 'a': extensions must be a tuple of endings with their dot",
    ),
    "loaders: extensions without a dot": (hook("loaders", "[Loader('a', len, extensions=('xyz',))]"), "with their dot"),
    "loaders: scheme": (hook("loaders", "[Loader('a', len, scheme='a:')]"), "Loader 'a': scheme 'a:' is no word"),
    "loaders: scheme of two": (hook("loaders", "[Loader('a', len, scheme=('a', 'b'))]"), "is no word such as 'sql'"),
    "models: accepts": (hook("models", "[ModelReader('a', '.onnx', len)]"), "accepts and read must be functions"),
    "models: code": (hook("models", "[ModelReader('a', len, len, code=('a:b',))]"), "code must be a function"),
    "models: a class": (hook("models", "[ModelReader]"), "auditkit_models must return ModelReader values"),
    "renderers: a function": (hook("renderers", "[str]"), "auditkit_renderers must return Renderer values"),
    "renderers: render": (hook("renderers", "[Renderer('a', None, ('.a',))]"), "Renderer 'a': render must be a function"),
    "renderers: no extensions": (hook("renderers", "[Renderer('a', str, ())]"), "Renderer 'a' has no extensions"),
    "renderers: extensions": (hook("renderers", "[Renderer('a', str, '.a')]"), "extensions must be a tuple"),
    "recipes: text": (hook("recipes", "['r.yaml']"), "auditkit_recipes must return Path values, not a str"),
    "recipes: one, no list": (hook("recipes", "Path('r.yaml')"), "return a list"),
    "recipes: none there": (hook("recipes", "[Path('none.yaml')]"), "recipe none.yaml is no file"),
    "a generator that breaks": (
        HEAD + "@hookimpl\ndef auditkit_audits():\n    yield Whole\n    raise SystemExit(7)\n",
        "SystemExit: 7",
    ),
    "import: GeneratorExit": ("raise GeneratorExit", "GeneratorExit"),
    "import: SystemExit": ("import sys\nsys.exit()", "SystemExit"),
    "import: its own": ("class Odd(BaseException): pass\nraise Odd('odd')", "Odd: odd"),
    "import: cancelled": ("import asyncio\nraise asyncio.CancelledError", "CancelledError"),
    "import: recursion": ("def f(): f()\nf()", "RecursionError"),
    "import: a text that cannot be had": (
        "class Odd(Exception):\n    def __str__(self): raise SystemExit(1)\nraise Odd",
        "Odd: (its message cannot be read)",
    ),
    "import: warnings as errors": ("raise UserWarning('old')", "UserWarning: old"),
    "null byte": ("x = 1\n\0", "SyntaxError"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_plugin_that_hands_over_something_wrong_is_set_aside_and_says_what(loaded, case):
    source, problem = WRONG[case]
    plugin = loaded(source)
    assert problem in plugin.problem
    assert "\n" not in plugin.problem
    assert plugin.provides == {}


def test_ctrl_c_while_a_plugin_loads_ends_the_program(loaded):
    with pytest.raises(KeyboardInterrupt):
        loaded("raise KeyboardInterrupt")


def test_what_a_plugin_prints_while_it_loads_goes_to_standard_error(loaded, capsys):
    plugin = loaded(
        "print('at import')\n"
        + HEAD
        + "@hookimpl\ndef auditkit_audits():\n    print('in a hook')\n    return [Whole]\n"
    )
    assert plugin.problem == ""
    assert capsys.readouterr() == ("", "at import\nin a hook\n")


def test_hooks_may_hand_over_tuples_and_generators(loaded):
    plugin = loaded(HEAD + "@hookimpl\ndef auditkit_audits():\n    yield Whole\n    yield made()\n")
    assert [step.name for step in plugin.provides["audits"]] == ["whole", "made"]


def test_two_plugins_of_one_name_keep_the_first(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "one_of_two.py").write_text(counting("count"))
    (tmp_path / "two_of_two.py").write_text(counting("other"))
    host = load_plugins(found=[EntryPoint("same", f"{word}_of_two", "auditkit") for word in ("one", "two")])
    assert list(host.steps) == ["count"]
    assert host.set_aside[0].problem == "the plugin name 'same' is already provided by 'same'"


WHO = "plugin 'made' 1.0"


def only(kind, item):
    return named({kind: (item,)}, WHO)[kind][0]


def ends(error):
    def call(*_):
        print("a word")  # noqa: T201
        raise error

    return call


ENDINGS = {
    "exit": (SystemExit(3), "SystemExit: 3"),
    "generator": (GeneratorExit(), "GeneratorExit"),
    "key": (KeyError("a"), "KeyError: 'a'"),
    "unicode": (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "UnicodeDecodeError: "),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_a_reader_or_writer_that_fails_names_its_plugin(case, capsys):
    error, cause = ENDINGS[case]
    calls = {
        "loader 'x'": lambda: only("loaders", Loader("x", ends(error), scheme="x")).read("place"),
        "model reader 'x'": lambda: only("models", ModelReader("x", bool, ends(error))).read(Path("x")),
        "renderer 'x'": lambda: only("renderers", Renderer("x", ends(error), (".x",))).render(report()),
    }
    accepts = only("models", ModelReader("x", ends(error), len)).accepts
    for word, call in (*calls.items(), ("model reader 'x'", lambda: accepts(Path("x")))):
        with pytest.raises(PluginError, match=re.escape(f"{WHO}, {word}: {cause}")):
            call()
    assert capsys.readouterr() == ("", "a word\n" * 4)


@pytest.mark.parametrize("value", [None, [], {"a": [1]}, pd.Series([1]), "table"])
def test_a_loader_that_returns_no_table_is_named(value):
    with pytest.raises(PluginError, match=r"loader 'x' returned .*, not a pandas DataFrame"):
        only("loaders", Loader("x", lambda _: value, scheme="x")).read("place")


@pytest.mark.parametrize("notes", ["a sentence", ["a"], (1,), None])
def test_notes_of_a_loader_are_a_tuple_of_sentences(notes):
    def read(_):
        frame = pd.DataFrame({"a": [1]})
        frame.attrs["notes"] = notes
        return frame

    with pytest.raises(PluginError, match="must be a tuple of sentences"):
        only("loaders", Loader("x", read, scheme="x")).read("place")


@pytest.mark.parametrize("value", [None, b"text", 3, ["a"], "lone \ud800"])
def test_a_renderer_that_returns_no_text_is_named(value):
    with pytest.raises(PluginError, match=r"plugin 'made' 1\.0, renderer 'x'"):
        only("renderers", Renderer("x", lambda _: value, (".x",))).render(report())


@pytest.mark.parametrize("value", [None, 1, "yes"])
def test_a_model_reader_says_true_or_false(value):
    with pytest.raises(PluginError, match=r"accepts returned .*, not True or False"):
        only("models", ModelReader("x", lambda _: value, len)).accepts(Path("x"))


@pytest.mark.parametrize("value", [None, "a:b", ["a:b"], (1,), ("",)])
def test_a_model_reader_names_code_in_a_tuple(value):
    with pytest.raises(
        PluginError, match=r"model reader 'x': code returned .*, not a tuple of module:object"
    ):
        only("models", ModelReader("x", bool, len, code=lambda _: value)).code(Path("x"))


def test_a_file_that_the_system_cannot_read_is_the_files_fault():
    loader = only("loaders", Loader("x", pd.read_csv, extensions=(".x",)))
    with pytest.raises(DataError, match=r"loader 'x' cannot read none\.x: No such file"):
        loader.read("none.x")
