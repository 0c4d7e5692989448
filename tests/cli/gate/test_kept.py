"""Runs that were kept: gates again, and reports that were edited since."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cli.gate.conftest import recipe, report, table

from auditkit.store.digest import digests_of_document, with_digest
from auditkit.store.runs import find_run, save


def test_gates_of_another_recipe_are_decided_on_stored_findings(kept):
    recipe("limit: 0.001, insufficient: fail", file="strict.yaml")
    assert kept("check", "last", "--recipe", "strict.yaml", "-q").code == 1
    assert kept("check", "last", "-q").code == 0
    recipe("limit: 0.2", file="typo.yaml")
    Path("typo.yaml").write_text(Path("typo.yaml").read_text().replace("metric: tpr", "metric: trp"))
    assert kept("check", "--recipe", "typo.yaml").code == 2


def test_gates_decided_again_are_those_of_the_run(kept):
    done = kept("check", "r.json", "--json")
    assert json.loads(done.out)["gates"] == report()["gates"]


def _of_another_version(document):
    document["provenance"]["versions"]["auditkit"] = "0.0.1"


def _without_first_bounds(document):
    """Take the bounds of a comparison away, and hash the gates anew: a comparison that nobody would decide so."""
    document["gates"][0]["comparisons"][0].update(lower=None, upper=None)
    document["provenance"]["gates_sha256"] = digests_of_document(document)[1]


def test_what_this_version_decided_stands_and_what_another_did_is_decided_anew(kept):
    def checked(*words):
        return json.loads(kept("check", *words, "--json").out)["gates"]

    gates = report()["gates"]
    _edited("old.json", _of_another_version)
    assert checked("old.json") == gates
    _edited("odd.json", _without_first_bounds)
    assert checked("odd.json")[0]["comparisons"][0]["lower"] is None
    assert checked("odd.json", "--recipe", "r.yaml") == checked("odd.json")
    _edited("odd.json", lambda d: (_without_first_bounds(d), _of_another_version(d)))
    assert checked("odd.json") == gates
    recipe("limit: 0.3", file="wider.yaml")
    assert checked("odd.json", "--recipe", "wider.yaml")[0]["comparisons"][0]["lower"] is not None


def test_what_was_accepted_before_is_decided_anew_and_breaks_once_it_is_not(kept):
    table(60, 20)
    recipe("limit: 0.1, insufficient: fail", file="r.yaml")
    assert kept("run", "r.yaml", "-q").code == 1
    unwaived = report()["gates"]
    for one in unwaived[0]["comparisons"]:
        if one["outcome"] != "holds":
            words = ["--owner", "me", "--reason", "known", "--expires", "2099-01-01"]
            assert kept("waive", "add", one["fingerprint"], *words).code == 0
    assert kept("run", "r.yaml", "-q").code == 0
    assert "waived" in {one["outcome"] for one in report()["gates"][0]["comparisons"]}
    Path("waivers.yaml").unlink()
    done = kept("check", "r.json", "--json")
    assert (done.code, json.loads(done.out)["gates"]) == (1, unwaived)


def test_a_redacted_run_and_one_that_did_not_finish_are_not_decided_again(kept):
    kept("run", "r.yaml", "--redact", "-q")
    assert kept("check").code == 4
    Path("t.csv").unlink()
    assert kept("run", "r.yaml").code == 4
    assert kept("check", "r.json", "-q").code == 4


def test_a_run_is_verified_and_run_again_to_the_same_findings(kept):
    assert kept("runs", "verify").code == 0
    again = kept("runs", "rerun", "--json")
    assert (again.code, json.loads(again.out)[0]["same"]) == (0, "yes")
    table(61, 60)
    assert kept("runs", "verify").code == 1
    assert kept("runs", "rerun").code == 1
    text = Path("r.json").read_text()
    value = next(one["value"] for one in json.loads(text)["findings"] if one["value"])
    table(60, 60)
    Path("forged.json").write_text(text.replace(json.dumps(value), json.dumps(value / 2), 1))
    rows = json.loads(kept("runs", "verify", "forged.json", "--json").out)
    assert {row["what"]: row["same"] for row in rows} == {
        "findings": "no",
        "recipe and gates": "yes",
        "t.csv": "yes",
    }


def _edited(name, change):
    """Write r.json anew after a change, in the store's own form, which carries no mark."""
    document = json.loads(Path("r.json").read_text())
    del document["written_by_auditkit"]
    change(document)
    Path(name).write_text(json.dumps(document))


def _softer(finding):
    finding["value"] /= 2


def _without_hash(change):
    """Return the change of a report as older versions wrote it, which noted no hash of recipe and gates."""

    def changed(document):
        del document["provenance"]["gates_sha256"]
        change(document)

    return changed


def _tighter(comparison):
    comparison["lower"], comparison["upper"] = -0.01, 0.01


CHANGES = {
    "a lower confidence": lambda d: d["recipe"]["stats"].update(confidence=0.5),
    "tighter bounds": lambda d: _tighter(d["gates"][0]["comparisons"][0]),
    "a wider limit, in an older report": _without_hash(lambda d: d["recipe"]["gates"][0].update(limit=0.9)),
    "no gates, in an older report": _without_hash(lambda d: d["recipe"].pop("gates")),
    "one group only, in an older report": _without_hash(
        lambda d: d["recipe"]["gates"][0].update(group="sex=F")
    ),
    "a finding": lambda d: _softer(next(one for one in d["findings"] if one["value"])),
    "a finding less": lambda d: d["findings"].pop(),
    "no gates": lambda d: d["recipe"].pop("gates"),
    "a wider limit": lambda d: d["recipe"]["gates"][0].update(limit=0.9),
    "another metric": lambda d: d["recipe"]["gates"][0].update(metric="fpr"),
    "another comparison": lambda d: d["recipe"]["gates"][0].update(compare="absolute"),
    "one group only": lambda d: d["recipe"]["gates"][0].update(group="sex=F"),
    "what is not shown passes": lambda d: d["recipe"]["gates"][0].update(insufficient="pass"),
}


DIFF = ["diff", "e.json", "t.csv", "--target", "y", "--pred", "p", "--favourable", "1", "--groups", "sex"]
OF_A_RUN = {
    "check": ["check", "e.json"],
    "report": ["report", "e.json", "-o", "again.md"],
    "diff from it": DIFF,
    "diff to it": ["diff", "r.json", "e.json"],
    "show": ["runs", "show", "e.json"],
    "rerun": ["runs", "rerun", "e.json"],
    "export": ["runs", "export", "e.json"],
    "waive list": ["waive", "list", "--run", "e.json"],
}


@pytest.mark.parametrize("command", OF_A_RUN.values(), ids=OF_A_RUN)
def test_every_command_on_a_run_refuses_a_report_that_was_edited(kept, command):
    _edited("e.json", CHANGES["a finding"])
    done = kept(*command)
    assert done.code == 2
    assert "e.json has changed since it was written" in done.err.replace("\n", " ")
    assert not [name for name in ("evidence.zip", "again.md") if Path(name).exists()]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_report_that_was_edited_in_any_place_is_refused(kept, change):
    _edited("e.json", change)
    done = kept("check", "e.json")
    assert done.code == 2
    assert "e.json has changed since it was written" in done.err.replace("\n", " ")


def test_gates_that_were_decided_again_are_a_report_of_their_own(kept):
    recipe("limit: 0.01", file="strict.yaml")
    assert kept("check", "--recipe", "strict.yaml", "-oagain.json", "-q").code in {0, 1, 5}
    assert kept("check", "again.json", "-q").code in {0, 1, 5}
    assert kept("runs", "export", "again.json").code == 0


def test_verify_shows_that_the_recipe_was_edited(kept):
    _edited("e.json", CHANGES["a wider limit"])
    rows = json.loads(kept("runs", "verify", "e.json", "--json").out)
    assert {row["what"] for row in rows if row["same"] == "no"} == {"recipe and gates"}


def test_a_file_whose_mark_does_not_hash_it_is_refused(kept):
    text = Path("r.json").read_text()
    Path("e.json").write_text(text.replace('"name": "made"', '"name": "mode"', 1))
    assert kept("check", "e.json").code == 2
    assert kept("check", "r.json").code == 0


def test_a_report_without_a_hash_says_so_on_the_first_screen(kept):
    _edited("e.json", lambda document: document["provenance"].pop("findings_sha256"))
    done = kept("check", "e.json")
    assert (done.code, "notes no hash of its findings" in done.out) == (0, True)
    assert "notes no hash" in kept("check", "e.json", "-q").err
    assert "notes no hash" in kept("runs", "export", "e.json").err


@pytest.mark.parametrize("redacted", [[], ["--redact"]])
@pytest.mark.parametrize(
    "gate",
    ["limit: 0.2", 'fail_if: "lower_bound > 0.2"', "limit: 0.2, group: sex=F", "limit: 0.2, group: sex=X"],
)
def test_what_auditkit_wrote_is_exported(kept, gate, redacted):
    recipe(gate)
    kept("run", "r.yaml", *redacted)
    assert kept("runs", "export", "r.json").code == 0


AWAY = {
    "runs verify": ("--allow-outside", 0),
    "runs rerun": ("--allow-outside", 0),
    "check": ("--allow-outside", 0),
    "waive list": ("--file=waivers.yaml", 0),
    "waive check": ("--file=waivers.yaml", 1),
    "waive prune": ("--file=waivers.yaml", 0),
}


@pytest.mark.parametrize("words", AWAY)
def test_a_report_that_says_its_recipe_lies_elsewhere_leads_nowhere_by_itself(kept, words, monkeypatch):
    """Somebody else may have written it: it names a folder whose files would be read, or whose waivers changed."""
    home = Path.cwd()
    entry = "{fingerprint: abcdef0123, owner: a, reason: b, expires: 2999-01-01}"
    Path("waivers.yaml").write_text(f"version: 1\nwaivers: [{entry}]\n")
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    document = json.loads((home / "r.json").read_text())
    document["provenance"]["gates"]["g"]["file"] = "../r.yaml"
    Path("stranger.json").write_text(json.dumps(document))
    Path("waivers.yaml").write_text(f"version: 1\nwaivers:\n- {entry}\n")
    leave, code = AWAY[words]
    run = ["--run", "stranger.json"] if words.startswith("waive") else ["stranger.json"]
    done = kept(*words.split(), *run)
    assert (done.code, "its recipe lies in .., outside the working folder: " in done.err) == (2, True)
    assert kept(*words.split(), *run, leave).code == code
    assert entry in (home / "waivers.yaml").read_text()


@pytest.mark.slow
def test_gates_on_ten_thousand_findings_are_decided_within_a_second_of_work(kept):
    whole = find_run("last", Path(".auditkit/runs"))
    one = next(
        f for f in whole.findings if f.metric == "tpr" and f.compare == "to_rest" and f.group == "sex=F"
    )
    many = tuple(replace(one, group=f"sex=F{i}") for i in range(10_000))
    name = save(with_digest(replace(whole, findings=(*whole.findings, *many))), Path(".auditkit/runs"))
    begun = time.process_time()
    assert kept("check", name, "-q").code in {0, 5}
    assert time.process_time() - begun < 4  # 1 second where nothing else runs; a quadratic step takes minutes
