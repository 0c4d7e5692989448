"""What a search answers: whether groups that it found fare worse on rows that it did not see, and the worst of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit import Answer, plain_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditkit import Finding, Mined

LONGEST = 160
"""Letters of a rule within a sentence."""


def answers(mined: Mined) -> Iterator[Answer]:
    """Yield the answer, and where groups are confirmed, the one that fares worst."""
    found = [finding for finding in mined.findings if finding.metric == "loss_gap"]
    if mined.confirmed is None:
        yield Answer(
            f"{_groups(len(found))} found; without a loss nothing says how they fare.", sure="too_few"
        )
        return
    tested = [finding for finding in found if finding.value is not None]
    if not tested:
        yield Answer(
            "The search found no group that can be tested; that is no proof that there is none.",
            sure="too_few",
        )
        return
    confirmed = [finding for finding in tested if finding.group in mined.confirmed]
    basis = "held-out rows, corrected for all groups tested"
    if not confirmed:
        yield Answer(
            f"None of the {_groups(len(tested))} found is confirmed to fare worse on rows that the search did not see; "
            "that is no proof that there is none.",
            basis=basis,
            sure="not_shown",
        )
        return
    verb = "fares" if len(confirmed) == 1 else "fare"
    yield Answer(
        f"{len(confirmed):,} of {_groups(len(tested))} found {verb} worse on rows that the search did not see.",
        basis=basis,
        sure="shown",
        harm=True,
    )
    yield _worst(max(confirmed, key=lambda finding: finding.value or 0.0), mined)


def _worst(finding: Finding, mined: Mined) -> Answer:
    rule = _rule(finding.group, mined)
    unit = finding.unit.replace("_", "-")
    interval = finding.interval
    span = "" if interval is None else f" [{plain_number(interval.low)}, {plain_number(interval.high)}]"
    return Answer(
        f"The worst: {rule}; {unit} {plain_number(finding.value or 0.0)}{span} above the other rows.",
        basis=f"{finding.n:,} held-out rows; the interval is this group's own",
        sure="shown",
        harm=True,
    )


def _rule(name: str, mined: Mined) -> str:
    """Return a group's shortest rule in words, or else its own rule."""
    details: Mapping[str, Any] = {}
    for finding in mined.findings:
        if finding.group == name:
            details = {**finding.details, **details}
    shallow = details.get("shallow") or {}
    rule = details.get("rule") or shallow.get("rule") or next(g.rule for g in mined.groups if g.name == name)
    return rule if len(rule) <= LONGEST else f"{rule[: LONGEST - 1].rstrip()}…"


def _groups(count: int) -> str:
    return f"{count:,} group{'' if count == 1 else 's'}"
