"""Runs the audit `mime.theory`: the theorems' margins from drawn rows, beside their closed forms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from auditkit import Answer, Finding, Interval, Table
from auditkit_mime.theory.simulate import simulate_update
from auditkit_mime.theory.theorems import (
    TwoClasses,
    crossing,
    printed_1,
    printed_2,
    theorem_1,
    theorem_2,
    theorem_3,
)

if TYPE_CHECKING:
    from auditkit import Context
    from auditkit_mime.params import TheoryParams
    from auditkit_mime.theory.simulate import Simulated


def theory(params: TheoryParams, context: Context) -> tuple[Finding, ...]:
    """Return the simulated margins of Theorems 1 to 3 with intervals, closed forms in the details."""
    majority, level, minority = _groups(params)
    error, rng = np.asarray(params.error), context.rng("rows")
    priors = (params.majority_prior, params.minority_prior)
    context.say("mime.theory reads no row of the data: its two groups are those of its parameters")

    def update(group: TwoClasses, at: float, prior: float) -> Simulated:
        return simulate_update(group, at, prior=prior, rows=params.rows, rng=rng)

    # A row is of either class with probability 1/2; the theorems count one row of each, twice as much.
    even = [
        _difference(update(group, params.error, 0.5), update(majority, params.error, 0.5), times=2)
        for group in (level, minority)
    ]
    sides = [
        (update(group, params.error, prior), _negative(update(group, -params.error, prior)))
        for group, prior in zip((majority, minority), priors, strict=True)
    ]
    worst = min(sides[1], key=_mean)
    third = _difference(worst, max(sides[0], key=_mean), times=1)
    closed = (
        theorem_1(majority, level, error=error),
        theorem_2(majority, minority, error=error),
        theorem_3(majority, minority, error=error, priors=priors),
    )
    printed = (
        printed_1(majority, level, error=error),
        printed_2(majority, minority, error=error),
        closed[2],
    )
    findings = tuple(
        _finding(i, found, (float(expected), float(said)), params, context)
        for i, (found, expected, said) in enumerate(
            zip((*even, third), closed, printed, strict=True), start=1
        )
    )
    context.show(_table(findings))
    context.answer(_answer(findings))
    return findings


def _groups(params: TheoryParams) -> tuple[TwoClasses, TwoClasses, TwoClasses]:
    """Return the majority, the minority without a domain gap, and the minority with it."""
    of_majority = (params.majority_sd, params.majority_sd_2 or params.majority_sd)
    of_minority = (params.minority_sd, params.minority_sd_2 or params.minority_sd)
    return (
        _classes(params.majority_distance, of_majority, 0.0),
        _classes(params.minority_distance, of_minority, 0.0),
        _classes(params.minority_distance, of_minority, params.gap),
    )


def _answer(findings: tuple[Finding, ...]) -> Answer:
    """Return what the three theorems foretell for these two groups, and whether the draws confirm their formulas."""
    gains = [i for i, finding in enumerate(findings, start=1) if finding.details["foretells_gain"]]
    confirmed = sum(bool(finding.details["confirms"]) for finding in findings)
    which = ", ".join(map(str, gains))
    said = f"theorem {which} foretells" if len(gains) == 1 else f"theorems {which} foretell" if gains else ""
    text = f"For these two groups {said} a gain for the majority" if gains else "No theorem foretells a gain"
    return Answer(
        f"{text}; drawn rows agree with {confirmed} of {len(findings)} closed forms.", sure="stated"
    )


def _table(findings: tuple[Finding, ...]) -> Table:
    """Return what was drawn beside both forms: where the printed one is off, in standard errors."""
    names = ("closed_form", "standard_errors_apart", "printed_form", "printed_standard_errors_apart")
    return Table(
        title="The theorems: drawn rows, the exact form and the printed one",
        columns=("theorem", "drawn", "exact", "off by (SE)", "printed", "printed off by (SE)"),
        rows=tuple(
            (f"Theorem {i}", found.value, *(found.details[name] for name in names))
            for i, found in enumerate(findings, start=1)
        ),
        caption="Margins in learning rates. As printed, Theorems 1 and 2 take a group's classes for mirror images.",
    )


def _classes(distance: float, sds: tuple[float, float], threshold: float) -> TwoClasses:
    """Return two classes of these standard deviations whose ideal threshold is the one given."""
    half = np.asarray(distance / 2)
    raw = TwoClasses(-half, np.asarray(sds[0]), half, np.asarray(sds[1]))
    moved = threshold - crossing(raw)
    return replace(raw, mean1=raw.mean1 + moved, mean2=raw.mean2 + moved)


def _mean(found: Simulated) -> float:
    return found.mean


def _negative(found: Simulated) -> Simulated:
    return type(found)(-found.mean, found.error)


def _difference(first: Simulated, second: Simulated, *, times: int) -> Simulated:
    error = times * float(np.hypot(first.error, second.error))
    return type(first)(times * (first.mean - second.mean), error)


def _finding(
    number: int, found: Simulated, forms: tuple[float, float], params: TheoryParams, context: Context
) -> Finding:
    """Return a theorem's finding; `forms` are its margin exactly and as printed."""
    confidence = context.stats.confidence
    reach = float(ndtri((1 + confidence) / 2)) * found.error
    exact, printed = forms
    apart, printed_apart = ((found.mean - one) / found.error if found.error else 0.0 for one in forms)
    return Finding(
        metric=f"theorem_{number}",
        value=found.mean,
        n=params.rows,
        interval=Interval(found.mean - reach, found.mean + reach, confidence, "normal, simulated rows"),
        details={
            "closed_form": exact,
            "standard_errors_apart": apart,
            "printed_form": printed,
            "printed_standard_errors_apart": printed_apart,
            "foretells_gain": bool(found.mean - reach > 0),
            "confirms": abs(apart) < 4,
        },
    )
