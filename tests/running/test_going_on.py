"""Unfinished work that is torn, or of something else: the step starts over, a note says so, nothing is lost."""

import errno
import json

import pytest
from running.made import planned

from auditkit import Answer, Audit, AuditkitError, Finding, Metric, PluginError
from auditkit.running.engine import run


class Trials(Audit):
    """Five trials, each kept in a file, as a trusting plugin would."""

    name, title, method = "trials", "Trials", "counts"
    metrics = (Metric(name="trials", title="Trials that were run", formula="n"),)
    fails = None

    def run(self, subject, params, context):
        folder, ran = context.scratch(), 0
        values = []
        for trial in range(5):
            file = folder / f"{trial}.json"
            if not file.exists():
                ran += 1
                file.write_text(json.dumps({"value": trial}))
            context.say(f"trial {trial}")
            context.answer(Answer(f"answer {trial}"))
            values.append(json.loads(file.read_text())["value"])
        if self.fails is not None:
            raise self.fails
        return (Finding(metric="trials", value=ran, n=sum(values)),)


def going_on(folder, *, left, step=Trials):
    """Run the step where an interrupted run has left these files."""
    work = folder / "work"
    place = work / f"{step.name}0"
    place.mkdir(parents=True)
    for name, text in left.items():
        (place / name).write_bytes(text)
    return run(planned(folder, step), work=work)


WHOLE = {f"{i}.json": json.dumps({"value": i}).encode() for i in range(3)}
TORN = {
    "empty": b"",
    "half": b'{"val',
    "zeros": b"\0" * 30,
    "of another version": b'{"number": 1}',
    "of another program": b"\x93NUMPY\x01\x00",
    "of another shape": b"[1, 2]",
    "not text": b"\xff\xfe\xfa",
}


def test_whole_work_is_gone_on_from(tmp_path):
    report = going_on(tmp_path, left=WHOLE)
    assert report.findings[0].value == 2
    assert [answer.text for answer in report.answers] == [f"answer {i}" for i in range(5)]
    assert {answer.step for answer in report.answers} == {"trials0"}
    assert not any("started over" in note for note in report.notes)


@pytest.mark.parametrize("case", TORN)
def test_torn_or_foreign_work_is_started_over_and_said_to_be(tmp_path, case):
    report = going_on(tmp_path, left={**WHOLE, "1.json": TORN[case]})
    assert [(f.value, f.n) for f in report.findings] == [(5, 10)]
    first, *others = report.notes[1:] if "positive" in report.notes[0] else report.notes
    assert first.startswith(
        "Step trials0 could not go on from the work that an interrupted run left, and started over: "
    )
    assert others == [f"trial {i}" for i in range(5)]


def test_a_folder_where_a_file_should_be_is_started_over(tmp_path):
    work = tmp_path / "work"
    (work / "trials0" / "1.json").mkdir(parents=True)
    report = run(planned(tmp_path, Trials), work=work)
    assert report.findings[0].value == 5


def test_a_step_that_breaks_without_work_of_another_run_runs_once(tmp_path):
    class Broken(Trials):
        fails = ValueError("broken")

    with pytest.raises(PluginError, match="ValueError: broken"):
        run(planned(tmp_path, Broken), work=tmp_path / "work")


@pytest.mark.parametrize(
    ("fails", "words"),
    [
        (ValueError("broken"), "ValueError"),
        (MemoryError(), "memory ran out"),
        (OSError(errno.ENOSPC, "No space left on device"), "OSError"),
    ],
)
def test_work_that_was_not_at_fault_is_still_there(tmp_path, fails, words):
    class Broken(Trials):
        name = "broken"

    Broken.fails = fails
    with pytest.raises(AuditkitError, match=words):
        going_on(tmp_path, left=WHOLE, step=Broken)
    kept = {file.name: file.read_bytes() for file in (tmp_path / "work" / "broken0").iterdir()}
    assert WHOLE.items() <= kept.items()
    assert [item.name for item in (tmp_path / "work").iterdir()] == ["broken0"]


def test_an_interrupt_while_starting_over_keeps_the_new_work(tmp_path):
    class Stopped(Trials):
        name = "stopped"
        fails = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        going_on(tmp_path, left={"0.json": b"torn"}, step=Stopped)
    assert len(list((tmp_path / "work" / "stopped0").iterdir())) == 5
