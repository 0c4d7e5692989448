"""Findings that somebody accepted: they stay in sight and in the correction, and come back on their day."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli.gate.conftest import recipe, report, table

TOMORROW = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
YESTERDAY = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()


@pytest.fixture
def failed(cli):
    table(10, 90)
    recipe()
    assert cli("run", "r.yaml").code == 1
    return cli


def marks(cli, state="breaks"):
    return [
        row["fingerprint"] for row in json.loads(cli("waive", "list", "--json").out) if row["state"] == state
    ]


def add(cli, mark, *more):
    return cli("waive", "add", mark, "--owner", "ann", "--reason", "known", "--expires", TOMORROW, *more)


def accept_all(cli, *more):
    for mark in marks(cli):
        assert add(cli, mark, *more).code == 0


def test_what_is_accepted_passes_and_stays_in_sight(failed):
    before = {one["group"]: (one["lower"], one["upper"]) for one in report()["gates"][0]["comparisons"]}
    accept_all(failed)
    done = failed("run", "r.yaml")
    assert done.code == 0
    assert "2 findings accepted" in done.out
    (gate,) = report()["gates"]
    assert [one["outcome"] for one in gate["comparisons"]] == ["waived", "waived"]
    assert {one["group"]: (one["lower"], one["upper"]) for one in gate["comparisons"]} == before
    assert [one["state"] for one in report()["waivers"]] == ["used", "used"]
    assert failed("check", "last", "-q").code == 0
    assert failed("waive", "check").code == 0


def test_one_accepted_finding_accepts_no_other(failed):
    assert add(failed, marks(failed)[0]).code == 0
    assert failed("run", "r.yaml").code == 1
    assert sorted(one["outcome"] for one in report()["gates"][0]["comparisons"]) == ["breaks", "waived"]


def test_a_waiver_that_expired_is_said_and_fails(failed):
    accept_all(failed)
    Path("waivers.yaml").write_text(Path("waivers.yaml").read_text().replace(TOMORROW, YESTERDAY))
    done = failed("run", "r.yaml")
    assert done.code == 1
    assert f"expired on {YESTERDAY}" in done.out
    assert {one["state"] for one in report()["waivers"]} == {"expired"}
    assert failed("check", "-q").code == 1
    assert failed("waive", "check").code == 1


def test_a_waiver_lapses_where_the_corrected_bound_shows_more_harm_than_its_limit(failed):
    accept_all(failed, "--limit", "0.7")
    assert failed("run", "r.yaml").code == 0
    table(1, 99)
    assert failed("run", "r.yaml").code == 1
    assert {one["state"] for one in report()["waivers"]} == {"lapsed"}
    assert failed("waive", "check").code == 1


def test_evidence_that_was_lacking_is_accepted_as_lacking_only(cli):
    table(60, 60, n=100)
    recipe("group: sex=F, limit: 0.1, insufficient: fail")
    assert cli("run", "r.yaml").code == 1
    (mark,) = marks(cli, "not shown")
    assert add(cli, mark).code == 0
    assert cli("run", "r.yaml").code == 0
    table(1, 99)
    assert cli("run", "r.yaml").code == 1
    assert report()["waivers"][0]["state"] == "lapsed"


def test_a_waiver_that_nothing_asks_for_is_unused_and_pruned_without_the_others_comments(failed):
    accept_all(failed)
    text = Path("waivers.yaml").read_text().replace("- fingerprint", "# agreed on in May\n- fingerprint", 1)
    text += f"- {{fingerprint: 0123456789abcdef, owner: bo, reason: old, expires: '{TOMORROW}'}}\n"
    Path("waivers.yaml").write_text(text)
    done = failed("run", "r.yaml")
    assert done.code == 0
    assert "accepts what no gate finds any more" in done.out
    assert failed("waive", "check").code == 1
    assert failed("waive", "prune").code == 0
    left = Path("waivers.yaml").read_text()
    assert "0123456789abcdef" not in left
    assert "# agreed on in May" in left
    assert failed("waive", "check").code == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("waivers: [{fingerprint: 0123456789abcdef, owner: a, reason: b}]", "expires"),
        ("waivers: [{fingerprint: 0123456789abcdef, owner: a, reason: b, expires: 2027-13-01}]", "no day"),
        ("waivers: [{fingerprint: 0123456789abcdef, owner: '', reason: b, expires: 2027-01-01}]", "owner"),
        ("waiver: []", "waivers"),
    ],
)
def test_a_waiver_that_is_wrong_is_refused_at_its_line(failed, text, words):
    Path("waivers.yaml").write_text(text)
    done = failed("run", "r.yaml")
    assert done.code == 2
    assert words in done.err
    assert "waivers.yaml:1" in done.err


def test_what_holds_or_is_unknown_cannot_be_accepted(cli):
    table(60, 60, n=2000)
    recipe()
    assert cli("run", "r.yaml").code == 0
    held = report()["gates"][0]["comparisons"][0]["fingerprint"]
    assert "nothing to accept" in add(cli, held).err
    assert "no comparison" in add(cli, "0" * 16).err
    assert not Path("waivers.yaml").exists()


def test_what_the_file_no_longer_accepts_can_be_accepted_again(failed):
    accept_all(failed)
    assert failed("run", "r.yaml").code == 0
    text = Path("waivers.yaml").read_text()
    Path("waivers.yaml").unlink()
    found = marks(failed)
    assert len(found) == 2
    accept_all(failed)
    assert Path("waivers.yaml").read_text() == text
    assert "accepts: undecided" not in text
    done = add(failed, found[0])
    assert (done.code, "change it there" in done.err) == (2, True)


def test_an_expired_waiver_is_pruned_before_another_is_added(failed):
    (mark, _) = marks(failed)
    assert add(failed, mark).code == 0
    Path("waivers.yaml").write_text(Path("waivers.yaml").read_text().replace(TOMORROW, YESTERDAY))
    done = add(failed, mark)
    assert (done.code, "auditkit waive prune removes it" in done.err) == (2, True)
    assert failed("waive", "prune").code == 0
    assert add(failed, mark).code == 0


@pytest.mark.parametrize("limit", ["0.5", "0", "-1", "-0.9", "nan", "inf"])
def test_a_limit_past_which_harm_is_shown_already_or_that_is_none_is_refused(failed, limit):
    (mark, _) = marks(failed)
    done = add(failed, mark, "--limit", limit)
    assert (done.code, Path("waivers.yaml").exists()) == (2, False)
    assert f"--limit {limit}" in done.err
    if limit == "0.5":
        (one,) = [one for one in report()["gates"][0]["comparisons"] if one["fingerprint"] == mark]
        least = max(one["lower"] or -1, -(one["upper"] or 1))
        assert f"at least {least:.3g} already" in done.err


def test_a_floor_that_is_shown_to_be_missed_already_is_refused(cli):
    table(10, 90)
    recipe("limit: 0.5")
    Path("r.yaml").write_text(
        Path("r.yaml").read_text().replace("to_rest", "absolute").replace("positive", "favourable")
    )
    assert cli("run", "r.yaml").code == 1
    (mark,) = marks(cli)
    done = add(cli, mark, "--limit", "0.4")
    assert (done.code, "at most 0.1" in done.err) == (2, True)
    assert add(cli, mark, "--limit", "0.05").code == 0
    assert cli("run", "r.yaml").code == 0


@pytest.mark.parametrize(
    "day", ["'2027-13-45'", "31.1.2027", "'2027-1-5'", "tomorrow", "'2027-W01-1'", "2027-01-31T10:00:00Z"]
)
def test_a_day_that_is_none_is_told_with_the_way_to_write_one(failed, day):
    accept_all(failed)
    told = Path("waivers.yaml").read_text()
    Path("waivers.yaml").write_text(told.replace(f"'{TOMORROW}'", day))
    done = failed("check")
    assert done.code == 2
    assert "is no day; write it as 2027-01-31" in done.err.replace("\n", " ")
    assert failed("run", "r.yaml").code == 2


@pytest.mark.parametrize("day", ["2020-01-01", "2027-W01-1", "20270131", "2027-02-30"])
def test_no_waiver_is_added_until_such_a_day(failed, day):
    done = failed("waive", "add", marks(failed)[0], "--owner", "ann", "--reason", "known", "--expires", day)
    assert done.code == 2
    assert not Path("waivers.yaml").exists()
