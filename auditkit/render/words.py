"""The phrases and number formats that all renderers share.

Shares are written 0.123, never in percent, so that a number in a report can be compared by eye with the
threshold in a recipe. Gaps carry a sign. Counts have thousands separators.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from auditkit.values.shown.hidden import spelt

if TYPE_CHECKING:
    from auditkit.values.finding import Finding, Interval
    from auditkit.values.metric import Metric
    from auditkit.values.report import GroupEntry, Report
    from auditkit.values.shown.exhibit import Cell

GUESSED = "guessed, and nothing is called worse by it: say --favourable V or --unfavourable V"
"""What is said of an outcome that nobody declared."""
DIRECTIONS = {"higher_is_worse": "higher is worse", "lower_is_worse": "lower is worse", "neither": ""}


def number(value: float, *, unit: str = "share", signed: bool = False) -> str:
    """Return a number with three decimals, or as a count, with a true minus sign."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "not a number"
    if unit == "p":
        return p_value(value)
    size = abs(value)
    if unit == "rows" or size >= 1000:
        text = f"{size:,.0f}"
    elif unit != "share" and 0 < size < 0.0005:
        text = f"{size:.1e}"
    else:
        text = f"{size:.3f}"
    if not any(digit in text for digit in "123456789"):
        return text
    return ("−" if value < 0 else "+" if signed else "") + text


def p_value(value: float) -> str:
    """Return a p-value with three decimals, or `<0.001`."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def bounds(interval: Interval, *, unit: str = "share", signed: bool = False) -> str:
    """Return `[low, high]`."""
    low, high = (number(bound, unit=unit, signed=signed) for bound in (interval.low, interval.high))
    return f"[{low}, {high}]"


def estimate(finding: Finding) -> str:
    """Return the finding's value and interval, or that it was not measured."""
    if finding.value is None:
        return "not measured"
    signed = finding.signed
    text = number(finding.value, unit=finding.unit, signed=signed)
    if finding.interval is None:
        return text
    return f"{text} {bounds(finding.interval, unit=finding.unit, signed=signed)}"


def title(metric: Metric) -> str:
    """Return the metric's title, or its name as words."""
    return visible(metric.title or metric.name.replace("_", " "), limit=120)


FOUND_NOTE = "Confirmed: after correction for all groups that were tested. Each interval stands alone, on its own rows."


def found_gap(finding: Finding | None) -> str:
    """Return how a found group fares, with the rows that it was measured on: `+0.278 [+0.244, +0.312] on 834`."""
    if finding is None:
        return ""
    return f"{estimate(finding)} on {finding.n:,}" if finding.value is not None else estimate(finding)


def confirmed(entry: GroupEntry) -> str:
    """Return whether a group held up on rows that the search did not see."""
    return {None: "not tested", True: "yes", False: "no"}[entry.confirmed]


def visible(text: str, limit: int = 0) -> str:
    """Return text on one line, with control, direction and hidden marks spelt out, cut to `limit` characters."""
    # Cut first: a name of ten thousand characters is not worth walking through.
    return spelt(text[: limit - 1].rstrip() + "…" if limit and len(text) > limit else text)


def cell(value: Cell) -> str:
    """Return what a table's cell says: counts with commas, other numbers with four digits that count."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}".replace("-", "−")
        case float():
            return _four_digits(value)
    return visible(value)


def _four_digits(value: float) -> str:
    if not math.isfinite(value):
        return number(value)
    size = abs(value)
    text = f"{size:,.0f}" if size >= 10_000 else f"{size:.1e}" if 0 < size < 1e-4 else f"{size:.4g}"
    return f"−{text}" if value < 0 else text


def counted(subject: Mapping[str, Any]) -> str:
    """Return which outcome is counted and who says so, such as `favourable: income = '>50K' (you said so)`, or ""."""
    outcome = subject.get("outcome")
    if not isinstance(outcome, Mapping):
        return ""
    kind, column, value = (visible(str(outcome.get(key)), limit=60) for key in ("kind", "column", "value"))
    said = "declared by the bundled set" if outcome.get("by") == "data set" else "you said so"
    return f"{kind}: {column} = '{value}' ({said if outcome.get('said') else GUESSED})"


def caution(report: Report) -> str:
    """Return what makes a whole report void, such as a feature that holds the outcome; "" if nothing does."""
    return visible(str(report.subject.get("caution") or ""), limit=600)


def plain(value: Any, limit: int = 0) -> str:
    """Return any value of an open mapping in words: lists with commas, mappings as `key value`."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return number(value, unit="")
        case str() | int():
            return visible(str(value), limit)
        case Mapping():
            return visible("; ".join(_pair(key, item) for key, item in value.items()), limit)
        case list() | tuple() | set() | frozenset():
            ordered = sorted(value, key=str) if isinstance(value, set | frozenset) else value
            return visible(", ".join(plain(item) for item in ordered), limit)
    return visible(str(value), limit)


def _pair(key: Any, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{key}: {', '.join(f'{inner} {plain(item)}' for inner, item in value.items())}"
    return f"{key} {plain(value)}"


def details(values: Mapping[str, Any]) -> str:
    """Return a finding's details in one line; keys that start with p_ or are p hold p-values."""
    parts = (
        f"{key.replace('_', ' ')} {p_value(item) if _holds_p(key, item) else plain(item)}"
        for key, item in values.items()
    )
    return visible("; ".join(parts), limit=200)


def _holds_p(key: str, value: Any) -> bool:
    return (key == "p" or key.startswith("p_")) and isinstance(value, float)


def provenance(values: Mapping[str, Any]) -> str:
    """Return where a report comes from in one line, with hashes cut to twelve characters."""
    versions, inputs = values.get("versions"), values.get("inputs")
    found: dict[str, Any] = {
        "auditkit": versions.get("auditkit") if isinstance(versions, Mapping) else None,
        "seed": values.get("seed"),
        "commit": _shortened(values.get("git_commit")),
    }
    if isinstance(inputs, list | tuple):
        found |= {
            _input_name(item): _shortened(item.get("sha256")) for item in inputs if isinstance(item, Mapping)
        }
    found["on"] = values.get("started")
    return " · ".join(f"{name} {plain(value)}" for name, value in found.items() if value not in {None, ""})


def _input_name(item: Mapping[str, Any]) -> str:
    return visible(str(item.get("file", "input")), limit=40)


def _shortened(digest: Any) -> str | None:
    """Return the start of a hash, with the mark that a tree had uncommitted changes."""
    if not isinstance(digest, str) or not digest:
        return None
    head, mark, rest = visible(digest).partition("+")
    return head[:12] + mark + rest[:7]


def flatten(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested mappings, keys in words; members of a list go by their first value."""
    for key, value in values.items():
        label = f"{prefix}{str(key).replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield from flatten(value, f"{label} ")
        elif (
            isinstance(value, list | tuple)
            and value
            and all(isinstance(item, Mapping) and item for item in value)
        ):
            for item in value:
                (_, first), *rest = item.items()
                yield f"{label} {plain(first)}", {name: told for name, told in rest if not is_empty(told)}
        else:
            yield label, value


def is_empty(value: Any) -> bool:
    """Whether there is nothing to tell; zero and False are something."""
    return value is None or (isinstance(value, str | list | tuple | Mapping) and not value)
