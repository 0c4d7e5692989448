"""Standard output and error: whoever reads them, and in whatever encoding, the exit code is the verdict's."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from one_gate import shell

from auditkit.cli.app import run

pytestmark = pytest.mark.slow

MAIN = [sys.executable, "-c", "from auditkit.cli.app import main; main()"]


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "latin-1", "ascii", "utf-8"])
def test_marks_that_an_encoding_lacks_are_written_in_ascii(folder, encoding):
    code, out, err = shell(folder, "PROGRAM run r.yaml", PYTHONIOENCODING=encoding)
    assert code == 1, err
    text = out.decode(encoding)
    assert ("✗" in text) == (encoding == "utf-8")
    assert "FAIL" in text
    assert b"Traceback" not in err


@pytest.mark.parametrize(
    "line",
    [
        "PROGRAM run r.yaml | true; exit ${PIPESTATUS[0]}",
        "PROGRAM run r.yaml | head -1; exit ${PIPESTATUS[0]}",
        "PROGRAM run r.yaml --json | head -c 1; exit ${PIPESTATUS[0]}",
        "PROGRAM run r.yaml >&-",
        "PROGRAM run r.yaml 2>&-",
        "PROGRAM run r.yaml >&- 2>&- <&-",
        "PROGRAM run r.yaml 2> /dev/full",
        "PROGRAM run r.yaml -o r.html 2>&1 | true; exit ${PIPESTATUS[0]}",
    ],
)
def test_the_verdict_stands_where_nobody_reads_it(folder, line):
    code, _, err = shell(folder, line)
    assert code == 1
    assert err.strip() in {b"", b"wrote r.html"}


@pytest.mark.parametrize("words", ["--help", "datasets", "plugins list", "schema", "explain tpr"])
def test_a_listing_whose_reader_left_is_no_error(folder, words):
    code, _, err = shell(folder, f"PROGRAM {words} | true; exit ${{PIPESTATUS[0]}}")
    assert (code, err) == (0, b"")


@pytest.mark.parametrize(
    "words", ["run r.yaml", "run r.yaml --json", "run r.yaml -q", "datasets", "schema", "--help"]
)
def test_a_full_disk_behind_standard_output_exits_3(folder, words):
    code, _, err = shell(folder, f"PROGRAM {words} > /dev/full")
    assert code == 3
    *_, last = lines = err.decode().splitlines()
    assert last.startswith("auditkit: cannot write ")
    assert sum("no space" in line for line in lines) == 1
    assert b"Traceback" not in err


@pytest.mark.parametrize("columns", ["0", "1", "-7", "1000000", "1" * 40, "wide", ""])
def test_columns_of_any_size_are_no_error(folder, columns, monkeypatch, capfd):
    with monkeypatch.context() as patched:  # pytest itself cannot write to a line of any width
        patched.chdir(folder)
        patched.setenv("COLUMNS", columns)
        assert run(["run", "r.yaml"]) == 1
    assert max(map(len, capfd.readouterr().out.splitlines())) <= 400


ESCAPE = "\x1b[31mred\x1b]0;title\x07"
SHOWN = "\\x1b[31mred"


@pytest.mark.parametrize(
    "words",
    [
        ["audit", "t.csv", "--target", "y", "--pred", ESCAPE],
        ["audit", f"{ESCAPE}.csv", "--target", "y"],
        ["run", f"{ESCAPE}.yaml"],
        ["explain", ESCAPE],
        [ESCAPE],
        ["audit", "t.csv", f"--{ESCAPE}"],
        ["audit", "t.csv", "--target", "y", "--pred", "p", "--groups", "sex", "-o", f"{ESCAPE}.html"],
        ["plugins", "show", ESCAPE],
    ],
)
def test_control_characters_are_shown_and_not_sent(folder, words):
    done = subprocess.run([*MAIN, *words], cwd=folder, capture_output=True, check=False)
    assert b"\x1b" not in done.stdout + done.stderr
    assert SHOWN in (done.stdout + done.stderr).decode()


def test_what_a_plugin_or_a_warning_prints_is_shown_too(folder):
    program = f"import sys, warnings; from auditkit.cli.console import streams; streams.take_streams(); warnings.warn({ESCAPE!r}); print({ESCAPE!r}, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, check=False)
    assert done.stderr.decode().count(SHOWN) >= 2
    assert b"\x1b" not in done.stderr


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_reports_keep_the_users_umask(folder, mask):
    line = f"umask {mask:04o}; PROGRAM run r.yaml -o r.html"
    assert shell(folder, line)[0] == 1
    kept = next((folder / ".auditkit" / "runs").glob("*/report.json"))
    assert stat.S_IMODE((folder / "r.html").stat().st_mode) == 0o666 & ~mask
    assert stat.S_IMODE(kept.stat().st_mode) == 0o666 & ~mask
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o777 & ~mask


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("seconds", [0.06, 0.2, 1.0])
def test_a_signal_at_any_time_ends_with_its_code_and_without_a_traceback(tmp_path, number, seconds):
    executable = shutil.which("auditkit", path=str(Path(sys.executable).parent))
    running = subprocess.Popen(
        [executable, "mine", "adult"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A test run in the background ignores Ctrl-C, and so would its child.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    time.sleep(seconds)
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    # Before Python has taken the signal over, the system ends the process, without a word.
    assert running.returncode in {128 + number, -number}, err
    assert "Traceback" not in err or seconds < 0.1
    assert out == ""


SWALLOWS = """
import os, signal

class Model:
    classes_ = ("no", "yes")

    def predict(self, X):
        try:
            os.kill(os.getpid(), signal.{number})
            for _ in range(1000):
                pass
        except BaseException:
            raise ImportError("numba._devicearray failed to import")

def make():
    return Model()
"""


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_of_which_a_library_makes_an_error_is_the_signal(folder, number, code):
    """As an extension module does that is interrupted while it is imported."""
    (folder / "swallows.py").write_text(SWALLOWS.format(number=number))
    done = subprocess.run(
        [*MAIN, "audit", "t.csv", "--target", "y", "--groups", "sex", "--model", "swallows:make"], cwd=folder,
        capture_output=True, text=True, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "ImportError" not in done.stderr
    assert ("terminated;" if code == 143 else "interrupted;") in done.stderr


def test_nothing_is_imported_before_an_interrupt_can_be_told():
    """Until `main` is called an interrupt is a traceback: its module takes what Python has in it."""
    code = "import gc, os, sys; before = {*sys.modules}; import auditkit.cli.app; print(*{*sys.modules} - before)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True
    )
    assert {*done.stdout.split()} == {"__future__", "auditkit", "auditkit.cli", "auditkit.cli.app"}


def test_debug_shows_the_traceback_wherever_it_stands(folder):
    for words in (["--debug", "audit", "none.csv"], ["audit", "none.csv", "--debug"]):
        done = subprocess.run([*MAIN, *words], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 4
        assert "Traceback" in done.stderr
        assert done.stderr.splitlines()[-1].startswith("auditkit: ")


@pytest.mark.parametrize("kilobytes", [200_000, 400_000, 1_000_000, 1_500_000, 2_000_000])
def test_too_little_address_space_is_one_sentence_within_seconds(folder, kilobytes):
    code, out, err = shell(folder, f"ulimit -v {kilobytes}; PROGRAM run r.yaml")
    assert (code, out) == (2, b"")
    assert err.decode().startswith("auditkit: ulimit -v allows ")
    assert len(err.decode().splitlines()) == 1


def test_enough_address_space_gives_the_verdict_and_the_page(folder):
    space = 3_000_000 + 100_000 * (os.cpu_count() or 1)
    code, _, err = shell(folder, f"ulimit -v {space}; PROGRAM run r.yaml -o r.html")
    assert (code, err.decode().strip()) == (1, "wrote r.html")


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/2", "/proc/self/fd/1", "link.md", "linked/1"])
def test_what_a_process_holds_open_is_no_file_to_write(folder, name):
    (folder / "link.md").symlink_to("/dev/stdout")
    (folder / "linked").symlink_to("/proc/self/fd")
    form = "" if name.endswith(".md") else "--format markdown"
    code, out, err = shell(folder, f"PROGRAM run r.yaml -o {name} {form} > out.txt 2> err.txt")
    out, err = (folder / "out.txt").read_text(), (folder / "err.txt").read_text()
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "is what a process holds open, not a file; -o - writes to standard output" in err
