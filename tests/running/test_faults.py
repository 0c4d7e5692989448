"""A step that fails, ends the program or prints: one sentence that names it, and a clean standard output."""

import json
import re
import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from running.made import planned

from auditkit import Answer, Audit, DataError, Finder, Finding, Metric, PluginError, Repair, UsageError
from auditkit.plugins.fault import at_fault, said
from auditkit.running.engine import run
from auditkit.running.power.answer import answer
from auditkit.spec.consent import Consent
from auditkit.testing import make_context, tiny_subjects


class Odd(BaseException):
    pass


class MuteError(Exception):
    def __str__(self):
        raise RuntimeError("no words")


def raising(error):
    def body(self, *_):
        raise error

    return body


def stopping(self, *_):
    sys.exit(0)


ENDS = {
    "exit 0": (stopping, "SystemExit: 0"),
    "exit without a code": (raising(SystemExit()), "SystemExit"),
    "SystemExit": (raising(SystemExit("bye")), "SystemExit: bye"),
    "GeneratorExit": (raising(GeneratorExit()), "GeneratorExit"),
    "StopIteration": (raising(StopIteration(3)), "StopIteration: 3"),
    "its own BaseException": (raising(Odd("odd")), "Odd: odd"),
    "ZeroDivisionError": (
        raising(ZeroDivisionError("division by zero")),
        "ZeroDivisionError: division by zero",
    ),
    "RecursionError": (raising(RecursionError("too deep")), "RecursionError: too deep"),
    "OSError": (
        raising(FileNotFoundError(2, "No such file", "a.npy")),
        "FileNotFoundError: [Errno 2] No such file: 'a.npy'",
    ),
    "several lines": (raising(ValueError("one\n  two\x0bthree")), "ValueError: one two three"),
    "no words": (raising(MuteError()), "MuteError: (its message cannot be read)"),
    "a group": (raising(ExceptionGroup("some", [ValueError("a")])), "ExceptionGroup: some (1 sub-exception)"),
}
PLACES = {
    "find": (Finder, "find"),
    "run": (Audit, "run"),
    "apply": (Repair, "apply"),
    "check": (Audit, "check"),
}


def step_of(base, **bodies):
    words = {"name": "made", "title": "Made", "method": "fails", base_method(base): lambda *_: ()}
    return type("Made", (base,), {**words, **bodies})


def base_method(base):
    return {Finder: "find", Audit: "run", Repair: "apply"}[base]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("case", ENDS)
def test_whatever_a_step_raises_is_its_plugins_fault(tmp_path, case, place):
    (base, method), (body, cause) = PLACES[place], ENDS[case]
    with pytest.raises(PluginError) as caught:
        run(planned(tmp_path, step_of(base, **{method: body})))
    who = "plugin 'made' 1.2, step 'made0' (made): "
    assert str(caught.value) == f"{who}{cause}; AUDITKIT_DEBUG=1 shows the traceback"
    assert caught.value.__cause__ is not None
    assert caught.value.exit_code == 3


def test_a_step_that_cannot_be_made_is_its_plugins_fault(tmp_path):
    with pytest.raises(PluginError, match=r"plugin 'made' 1\.2, step 'made0': TypeError: .*abstract"):
        planned(tmp_path, type("Made", (Audit,), {"name": "made", "title": "t", "method": "m"}))


def test_parameters_that_break_are_its_plugins_fault(tmp_path):
    @dataclass(frozen=True)
    class Params:
        n: int = 1

        def __post_init__(self):
            raise RuntimeError("no")

    with pytest.raises(PluginError, match=r"step 'made0': RuntimeError: no"):
        planned(tmp_path, step_of(Audit, Params=Params))


@pytest.mark.parametrize("value", [1j, object(), [object()]])
def test_parameters_that_no_report_can_hold_are_its_plugins_fault(tmp_path, value):
    @dataclass(frozen=True)
    class Params:
        n: Any = field(default_factory=lambda: value)

    with pytest.raises(PluginError, match=r"step 'made0': TypeError: with\.n.* holds a"):
        planned(tmp_path, step_of(Audit, Params=Params))


def test_findings_that_break_while_they_are_read_are_its_plugins_fault(tmp_path):
    def lazily(self, subject, params, context):
        yield from ()
        raise SystemExit(4)

    with pytest.raises(PluginError, match="SystemExit: 4"):
        run(planned(tmp_path, step_of(Audit, run=lazily)))


@pytest.mark.parametrize("error", [DataError("no such row"), UsageError("no such value")])
def test_a_sentence_of_the_steps_own_stays_as_it_is(tmp_path, error):
    with pytest.raises(type(error), match=f"^{error}$"):
        run(planned(tmp_path, step_of(Audit, run=raising(error))))


def test_ctrl_c_passes(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(planned(tmp_path, step_of(Audit, run=raising(KeyboardInterrupt()))))


CALLS = {
    "answer": (lambda c: c.answer("so"), "context.answer takes an Answer, and was given a str"),
    "answer's text": (
        lambda c: c.answer(Answer(3)),
        "context.answer takes text in text, and was given a int",
    ),
    "answer's certainty": (
        lambda c: c.answer(Answer("so", sure="quite")),
        "context.answer takes one of shown, not_shown, too_few, stated for sure, and was given 'quite'",
    ),
    "say": (lambda c: c.say(3), "context.say takes text, and was given a int"),
    "skip": (lambda c: c.skip("x", None), "context.skip takes two texts, and was given a NoneType"),
    "show": (lambda c: c.show({}), "context.show takes a Table or a Chart, and was given a dict"),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_context_that_is_called_wrongly_is_the_steps_fault(tmp_path, call):
    act, cause = CALLS[call]
    body = lambda self, subject, params, context: act(context)  # noqa: E731
    with pytest.raises(PluginError, match=re.escape(f"step 'made0' (made): TypeError: {cause}")):
        run(planned(tmp_path, step_of(Audit, run=body)))


class Loud(Audit):
    name, title, method = "made", "Made", "prints"
    metrics = (Metric(name="rows", title="Rows", formula="n"),)

    def check(self, subject, params):
        print("from check")  # noqa: T201

    def run(self, subject, params, context):
        print("from run")  # noqa: T201
        yield Finding(metric="rows", value=len(subject), n=len(subject))
        sys.stdout.write("from the last finding\n")


def test_what_a_step_prints_goes_to_standard_error(tmp_path, capsys):
    run(planned(tmp_path, Loud))
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err == "from check\nfrom run\nfrom the last finding\n"


def test_standard_output_is_back_after_a_fault(capsys):
    with pytest.raises(PluginError), at_fault("x"):
        raise SystemExit(1)
    print("here")  # noqa: T201
    assert capsys.readouterr().out == "here\n"


def test_a_message_is_cut():
    assert len(said(ValueError("x" * 10_000))) < 400


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (stopping, "SystemExit: 0"),
        (raising(Odd("x")), "Odd: x"),
        (lambda *_, **__: (1, 2), "power must return a Table or None, and returned a tuple"),
    ],
)
def test_power_that_fails_is_its_plugins_fault(tmp_path, body, cause):
    def power(self, *arguments, gap):
        return body(self, *arguments)

    with pytest.raises(PluginError, match=re.escape(f"plugin 'made' 1.2, step 'made0' (made): {cause}")):
        answer(planned(tmp_path, step_of(Audit, power=power)), gap=0.1)


class Model:
    classes_ = np.array([0, 1])

    def __init__(self, error):
        self.error = error

    def predict(self, rows):
        raise self.error


@pytest.mark.parametrize("error", [RuntimeError("no weights"), SystemExit(2), ZeroDivisionError(), Odd("x")])
def test_a_model_that_cannot_predict_is_named_and_not_the_step(error):
    subject = tiny_subjects()["no predictions"].with_model(Model(error))
    with pytest.raises(DataError, match=r"^model Model cannot predict"):
        make_context().predictions(subject)


@pytest.mark.parametrize(
    "body", ["raise SystemExit(0)", "import sys\nsys.exit('bye')", "raise GeneratorExit"]
)
def test_a_model_that_ends_the_program_is_one_sentence(tmp_path, monkeypatch, capsys, body):
    name = f"model_{abs(hash(body))}"
    monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / f"{name}.py").write_text(f"print('a word')\n{body}\n")
    with pytest.raises(
        DataError, match=r"what t\.csv and its model run ended the program: (System|Generator)Exit"
    ):
        run(planned(tmp_path, Loud, data={"model": f"{name}:model"}, consent=Consent(allow_code=True)))
    assert capsys.readouterr() == ("", "a word\n")


FAILING = """
import sys
from auditkit import Audit, Finding, Metric, hookimpl

class Failing(Audit):
    name, title, method = "failing", "Failing", "fails"
    metrics = (Metric(name="share", title="Share", formula="x"),)

    def run(self, subject, params, context):
        print("a plugin's word")
        {body}

@hookimpl
def auditkit_audits():
    print("a plugin's word at import")
    return [Failing]
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Install a plugin in a folder and run the command line there in a process of its own."""
    import os
    import subprocess

    def call(body, *words, **environment):
        (tmp_path / "failing_plugin.py").write_text(FAILING.format(body=body))
        package = tmp_path / "failing_plugin-2.1.dist-info"
        package.mkdir(exist_ok=True)
        (package / "METADATA").write_text("Metadata-Version: 2.1\nName: failing-plugin\nVersion: 2.1\n")
        (package / "entry_points.txt").write_text("[auditkit]\nfailing = failing_plugin\n")
        path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
        main = "from auditkit.cli.app import main; main()"
        return subprocess.run(
            [sys.executable, "-c", main, *words],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": path, **environment}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    return call


@pytest.mark.parametrize("body", ["sys.exit(0)", "1 / 0", "return None", "raise GeneratorExit"])
def test_the_command_line_says_one_sentence_and_ends_in_3(command, body):
    done = command(body, "audit", "german_credit", "--with", "failing")
    assert (done.returncode, done.stdout) == (3, "")
    (*_, last) = done.stderr.splitlines()
    assert last.startswith("auditkit: plugin 'failing' 2.1, step 'failing': ")
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr


def test_debug_shows_the_traceback(command):
    done = command("1 / 0", "audit", "german_credit", "--with", "failing", AUDITKIT_DEBUG="1")
    assert done.returncode == 3
    assert "1 / 0" in done.stderr
    assert "ZeroDivisionError" in done.stderr.splitlines()[-1]


def test_json_on_standard_output_is_json_whatever_a_plugin_prints(command):
    body = "return (Finding(metric='share', value=0.5, n=len(subject)),)"
    done = command(body, "audit", "german_credit", "--with", "failing", "--json")
    assert json.loads(done.stdout)["findings"][0]["value"] == 0.5
    assert done.stderr.count("a plugin's word") == 2
