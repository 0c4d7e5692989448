"""Plugins load one by one; a broken one is set aside by name and the rest keep working."""

import sys
import textwrap
from importlib.metadata import EntryPoint

import pytest
from host.made import counting

from auditkit.errors import PluginError, UsageError
from auditkit.plugins.host import load_plugins


@pytest.fixture
def entry(tmp_path, monkeypatch):
    """Write a module and return an entry point to it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(name, source):
        module = f"fake_{name}_{abs(hash(tmp_path))}"
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(source))
        monkeypatch.delitem(sys.modules, module, raising=False)
        return EntryPoint(name, module, "auditkit")

    return make


def test_a_plugin_provides_its_steps_by_name(entry):
    host = load_plugins(found=[entry("good", counting("count"))])
    assert host.set_aside == ()
    assert host.step("count").title == "Counts rows"
    assert host.plugin_of(host.step("count")).name == "good"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import no_such_package", "ModuleNotFoundError: No module named 'no_such_package'"),
        ("raise SystemExit(9)", "SystemExit: 9"),
        ("def broken(:", "SyntaxError"),
        (
            "from auditkit import hookimpl\n@hookimpl\ndef auditkit_audit():\n    return []",
            "did you mean 'auditkit_audits'",
        ),
        (
            "from auditkit import hookimpl\n@hookimpl\ndef auditkit_audits():\n    return 1 / 0",
            "ZeroDivisionError",
        ),
        (
            "from auditkit import hookimpl\n@hookimpl\ndef auditkit_audits():\n    return [3]",
            "must return classes",
        ),
        (
            "from auditkit import hookimpl\n@hookimpl\ndef auditkit_audits(x):\n    return []",
            "PluginValidationError",
        ),
        (counting("count").replace("title, method", "other, method"), "does not say its title"),
        (
            "def auditkit_audits():\n    return []",
            "hook 'auditkit_audits' is not marked: write @hookimpl above it",
        ),
    ],
)
def test_a_broken_plugin_is_set_aside_with_its_reason_and_the_rest_work(entry, source, problem):
    host = load_plugins(found=[entry("bad", source), entry("good", counting("count"))])
    assert [plugin.name for plugin in host.set_aside] == ["bad"]
    assert problem in host.set_aside[0].problem
    assert "count" in host.steps


def test_two_plugins_with_one_step_name_keep_the_first_by_name(entry):
    host = load_plugins(found=[entry("b", counting("count")), entry("a", counting("count"))])
    assert [(p.name, p.problem) for p in host.set_aside] == [("b", "step count is already provided by 'a'")]


def test_a_plugin_cannot_take_a_bundled_data_sets_name(entry):
    source = """
        from auditkit import Dataset, hookimpl

        @hookimpl
        def auditkit_datasets():
            return [Dataset(name="adult", title="", path="x.csv", licence="", citation="")]
    """
    host = load_plugins(found=[entry("thief", source)])
    assert "data set adult is already provided by 'auditkit'" in host.set_aside[0].problem
    assert host.datasets["adult"].path.endswith("adult.parquet")


CLAIMS = {
    "writing .html": ("renderers", "Renderer('mine', str, ('.html',))", "formats"),
    "reading .csv": ("loaders", "Loader('mine', str, extensions=('.csv',))", "auditkit"),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_plugin_cannot_take_a_built_in_format(entry, claim):
    kind, value, owner = CLAIMS[claim]
    source = f"""
        from auditkit import Loader, Renderer, hookimpl

        @hookimpl
        def auditkit_{kind}():
            return [{value}]
    """
    host = load_plugins(found=[entry("aaa", source)])
    assert [(p.name, p.problem) for p in host.set_aside] == [
        ("aaa", f"{claim} is already provided by '{owner}'")
    ]


def test_two_plugins_cannot_share_a_scheme_or_an_ending(entry):
    source = """
        from auditkit import Loader, Renderer, hookimpl

        @hookimpl
        def auditkit_loaders():
            return [Loader("mine", str, scheme="sql", extensions=(".xyz",))]
    """
    host = load_plugins(found=[entry("one", source), entry("two", source)])
    assert [(p.name, p.problem) for p in host.set_aside] == [
        ("two", "scheme sql: is already provided by 'one'")
    ]


def test_built_in_plugins_come_first_whatever_a_newcomer_is_called():
    names = [plugin.name for plugin in load_plugins().plugins]
    assert names[0] == "formats"
    assert names[1:] == sorted(names[1:])


def test_the_environment_limits_plugins(entry, monkeypatch):
    found = [entry("one", counting("first")), entry("two", counting("second"))]
    monkeypatch.setenv("AUDITKIT_PLUGINS", "two")
    assert set(load_plugins(found=found).steps) == {"second"}
    monkeypatch.setenv("AUDITKIT_PLUGINS", "")
    assert set(load_plugins(found=found).steps) == set()


def test_an_unknown_step_names_the_nearest_and_a_wrong_kind_says_so(entry):
    host = load_plugins(found=[entry("good", counting("count"))])
    with pytest.raises(UsageError, match="did you mean 'count'"):
        host.step("cuont")
    with pytest.raises(UsageError, match="'count' is of kind audit, not finder"):
        host.step("count", kind="finder")


def test_a_step_of_a_broken_plugin_says_what_broke(entry):
    host = load_plugins(found=[entry("bad", "import no_such_package")])
    with pytest.raises(PluginError, match="needs plugin 'bad', which was set aside: ModuleNotFoundError"):
        host.step("bad.step")


def test_a_required_plugin_must_be_there_and_work(entry):
    host = load_plugins(found=[entry("bad", "1 / 0"), entry("good", counting("count"))])
    host.require(["good"])
    with pytest.raises(PluginError, match="was set aside"):
        host.require(["bad"])
    with pytest.raises(PluginError, match=r"is not installed.*'good'"):
        host.require(["goood"])


def test_the_built_in_plugins_load():
    host = load_plugins()
    assert host.set_aside == ()
    assert {"minoria", "rates"} <= {plugin.name for plugin in host.plugins}


TAKERS = {
    "format json": "from auditkit import Renderer, hookimpl\n@hookimpl\ndef auditkit_renderers():\n"
    "    return [Renderer('json', str, ('.mine',))]\n",
    "recipe adult": "from pathlib import Path\nfrom auditkit import hookimpl\n"
    "file = Path(__file__).with_name('adult.yaml')\nfile.write_text('steps: []')\n"
    "@hookimpl\ndef auditkit_recipes():\n    return [file]\n",
    "plugin name": "",
}


@pytest.mark.parametrize("claim", TAKERS)
def test_no_newcomer_takes_what_comes_with_auditkit(entry, claim):
    found = entry("aaa", TAKERS[claim])
    named = EntryPoint("formats", found.module, found.group) if claim == "plugin name" else found
    host = load_plugins(found=[named])
    assert [
        plugin.problem.startswith(f"{'the ' * (claim == 'plugin name')}{claim}") for plugin in host.set_aside
    ] == [True]
    assert "already provided by" in host.set_aside[0].problem
    assert [renderer.name for renderer in host.renderers].count("json") == 1
    assert host.recipes == ()
