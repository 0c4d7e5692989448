"""No output destroys anything: what auditkit wrote it knows again, what it did not it leaves."""

import os

import pytest

from auditkit.errors import UsageError
from auditkit.store.mark import can_carry, has_mark, is_untouched, marked
from auditkit.store.outputs import check_outputs, write_output

TEXTS = {
    ".html": "<!doctype html>\n<html></html>\n",
    ".json": '{\n  "schema_version": 1\n}\n',
    ".sarif": '{\n "version": "2.1.0",\n "runs": []\n}\n',
    ".xml": "<testsuites>\n</testsuites>\n",
    ".md": "# A report",
    ".yaml": "version: 1\nsteps: []\n",
    ".yml": "version: 1\ngroups: {}\n",
    ".txt": "a report\n",
    ".csv": "a,b\n1,2\n",
    ".jsonl": '{"a": 1}\n',
    ".parquet": b"PAR1 and more PAR1",
}
OTHER = {
    ".html": "a,b\n",
    ".json": '{"a": 1}',
    ".sarif": "{}",
    ".xml": "<svg/>",
    ".yaml": "a: 1\n",
    ".yml": "- 1\n",
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def named(folder, ending, content):
    path = folder / f"file{ending}"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("ending", TEXTS)
def test_what_auditkit_wrote_it_replaces(folder, ending):
    path = folder / f"file{ending}"
    write_output(path, TEXTS[ending])
    check_outputs([path], inputs=[], overwrite=False)
    write_output(path, TEXTS[ending])


@pytest.mark.parametrize("ending", TEXTS)
def test_what_it_did_not_write_it_leaves(folder, ending):
    path = named(folder, ending, TEXTS[ending])
    before = path.read_bytes()
    for attempt in (
        lambda: check_outputs([path], inputs=[], overwrite=False),
        lambda: write_output(path, TEXTS[ending]),
    ):
        with pytest.raises(UsageError, match=r"auditkit did not write what is there; .* --overwrite"):
            attempt()
    assert path.read_bytes() == before
    write_output(path, TEXTS[ending], overwrite=True)


@pytest.mark.parametrize("ending", TEXTS)
def test_what_somebody_changed_since_it_leaves(folder, ending):
    path = folder / f"file{ending}"
    write_output(path, TEXTS[ending])
    content = path.read_bytes()
    path.write_bytes(content[:3] + b" " + content[3:])
    with pytest.raises(UsageError, match="it was changed since auditkit wrote it"):
        check_outputs([path], inputs=[], overwrite=False)


@pytest.mark.parametrize("ending", [ending for ending in TEXTS if can_carry(ending)])
def test_a_mark_is_enough_in_a_fresh_checkout(folder, ending):
    path = folder / f"file{ending}"
    write_output(path, TEXTS[ending])
    assert not (folder / ".auditkit").exists()
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))  # as version control may
    check_outputs([path], inputs=[], overwrite=False)


@pytest.mark.parametrize("ending", [".txt", ".csv", ".jsonl", ".parquet"])
def test_what_carries_no_mark_is_known_by_the_log_at_its_own_place_only(folder, ending):
    path, copy = folder / f"file{ending}", folder / f"copy{ending}"
    write_output(path, TEXTS[ending])
    copy.write_bytes(path.read_bytes())
    with pytest.raises(UsageError, match="did not write"):
        check_outputs([copy], inputs=[], overwrite=False)
    (folder / ".auditkit" / "written.jsonl").unlink()
    with pytest.raises(UsageError, match="did not write"):
        check_outputs([path], inputs=[], overwrite=False)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"{}\n[]\n3\n", b'{"path": "file.csv"}\n' * 3, b"[" * 100_000]
)
def test_a_log_that_cannot_be_read_is_no_log(folder, content):
    write_output(folder / "file.csv", TEXTS[".csv"])
    log = folder / ".auditkit" / "written.jsonl"
    told = log.read_bytes()
    log.write_bytes(content)
    with pytest.raises(UsageError, match="did not write"):
        check_outputs([folder / "file.csv"], inputs=[], overwrite=False)
    log.write_bytes(content + b"\n" + told)
    check_outputs([folder / "file.csv"], inputs=[], overwrite=False)


@pytest.mark.parametrize("ending", OTHER)
def test_a_file_of_another_kind_is_never_replaced(folder, ending):
    path = named(folder, ending, OTHER[ending])
    with pytest.raises(UsageError, match="is of another kind"):
        check_outputs([path], inputs=[], overwrite=True)
    with pytest.raises(UsageError, match="is of another kind"):
        write_output(path, TEXTS[ending], overwrite=True)
    assert path.read_text() == OTHER[ending]


def input_by(kind, folder):
    """Return an input, and another name for it."""
    data = named(folder, ".csv", "a\n")
    other = folder / "other.csv"
    match kind:
        case "its name":
            return data, data
        case "another spelling":
            return data, folder / "." / ".." / folder.name / "file.csv"
        case "a link":
            other.symlink_to(data)
            return data, other
        case "a hard link":
            os.link(data, other)
            return data, other
        case _:
            other.symlink_to(data)
            return other, data


@pytest.mark.parametrize(
    "kind",
    ["its name", "another spelling", "a link", "a hard link", "a link to the input's link"],
)
@pytest.mark.parametrize("overwrite", [False, True])
def test_no_output_is_an_input_by_whatever_name(folder, kind, overwrite):
    read, path = input_by(kind, folder)
    with pytest.raises(UsageError, match="this run reads it"):
        check_outputs([path], inputs=[read], overwrite=overwrite)


@pytest.mark.parametrize("overwrite", [False, True])
def test_in_a_folder_that_is_read_only_what_auditkit_wrote_is_replaced(folder, overwrite):
    (folder / "in").mkdir()
    (folder / "in" / "images.txt").write_text("a.jpg\n")
    with pytest.raises(UsageError, match="did not write"):
        check_outputs([folder / "in" / "images.txt"], inputs=[folder / "in"], overwrite=overwrite)
    write_output(folder / "in" / "r.html", TEXTS[".html"])
    check_outputs([folder / "in" / "r.html"], inputs=[folder / "in"], overwrite=overwrite)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 200_000_001])
def test_a_file_of_any_size_is_known_by_its_hash(folder, size):
    path = folder / "a.csv"
    with path.open("wb") as file:
        file.truncate(size)
    with pytest.raises(UsageError, match="did not write"):
        check_outputs([path], inputs=[], overwrite=False)
    write_output(path, bytes(size), overwrite=True)
    check_outputs([path], inputs=[], overwrite=False)


def twins(kind, folder):
    first = folder / "a.html"
    match kind:
        case "one name":
            return first, first
        case "two spellings":
            return first, folder / ".." / folder.name / "a.html"
    write_output(first, TEXTS[".html"])
    second = folder / "b.html"
    second.symlink_to(first) if kind == "a link" else os.link(first, second)
    return first, second


@pytest.mark.parametrize("kind", ["one name", "two spellings", "a link", "a hard link"])
def test_two_outputs_are_two_files(folder, kind):
    with pytest.raises(UsageError, match=r"twice|they are one file"):
        check_outputs(twins(kind, folder), inputs=[], overwrite=True)


def test_a_link_stays_and_its_file_is_written(folder):
    write_output(folder / "a.html", TEXTS[".html"])
    (folder / "b.html").symlink_to("a.html")
    write_output(folder / "b.html", "<html>new</html>\n")
    assert (folder / "b.html").is_symlink()
    assert "new" in (folder / "a.html").read_text()
    (folder / "c.html").symlink_to(folder / "absent.html")
    with pytest.raises(UsageError, match="a link to nothing"):
        check_outputs([folder / "c.html"], inputs=[], overwrite=True)


def test_a_log_that_is_a_link_is_not_written(folder):
    (folder / ".auditkit").mkdir()
    (folder / "mine").write_text("mine")
    (folder / ".auditkit" / "written.jsonl").symlink_to(folder / "mine")
    write_output(folder / "a.csv", "a\n")
    assert (folder / "mine").read_text() == "mine"


def test_a_file_that_appears_during_the_run_is_left(folder):
    path = folder / "a.csv"
    check_outputs([path], inputs=[], overwrite=False)
    path.write_text("mine")
    with pytest.raises(UsageError, match="did not write"):
        write_output(path, "a\n")
    assert path.read_text() == "mine"


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_a_new_file_has_the_users_umask_and_an_old_one_keeps_its_mode(folder, umask):
    path, old = folder / "a.html", os.umask(umask)
    try:
        write_output(path, TEXTS[".html"])
        assert path.stat().st_mode & 0o777 == 0o666 & ~umask
        path.chmod(0o604)
        write_output(path, TEXTS[".html"])
        assert path.stat().st_mode & 0o777 == 0o604
    finally:
        os.umask(old)


def test_the_folder_of_an_output_may_be_missing_but_not_a_file(folder):
    check_outputs([], inputs=[], overwrite=False, made=[folder / "m" / "n" / "card.json"])
    check_outputs([folder / "m" / "n" / "report.json"], inputs=[], overwrite=False)
    (folder / "m").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        check_outputs([], inputs=[], overwrite=False, made=[folder / "m" / "n" / "card.json"])


@pytest.mark.parametrize("ending", [ending for ending in TEXTS if can_carry(ending)])
def test_a_mark_does_not_depend_on_line_ends(ending):
    told = b"".join(marked(TEXTS[ending].encode().replace(b"\n", b"\r\n", 1), ending))
    lines = told.replace(b"\r\n", b"\n")
    assert all(is_untouched(same, ending) for same in (told, lines, lines.replace(b"\n", b"\r\n")))


@pytest.mark.parametrize("ending", [ending for ending in TEXTS if can_carry(ending)])
def test_a_mark_says_the_hash_of_all_before_it(ending):
    text = b"".join(marked(TEXTS[ending].encode(), ending)).decode()
    assert has_mark(text.encode(), ending)
    assert is_untouched(text.encode(), ending)
    for place in range(0, len(text), 7):
        changed = text[:place] + "~" + text[place + 1 :]
        assert not is_untouched(changed.encode(), ending)
    assert not is_untouched((text + "more\n").encode(), ending)
    assert not has_mark(TEXTS[ending].encode(), ending)
