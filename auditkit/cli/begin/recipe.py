"""A commented recipe for a table, with gates at limits that its rows can decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from auditkit.spec.gate import GateSpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from auditkit.running.plan import Plan
    from auditkit.values.shown.exhibit import Table

LIMITS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
"""Gaps, as shares, from the strictest on."""
HALF = 0.5
"""Share of the groups whose rows must be enough for a limit to be taken."""
DOCS = "auditkit schema prints every key, auditkit power audit.yaml what each gate needs"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A gate with the limit that was taken, and how many groups have rows enough for it."""

    gate: GateSpec
    enough: int
    groups: int


def chosen_gates(plan: Plan) -> tuple[Chosen, ...]:
    """Return a gate for each metric that the table answers, at the strictest limit that half its groups can decide."""
    from auditkit.running.power.answer import answer

    metrics = ("tpr", "selection_rate") if plan.loaded.subject.target else ("selection_rate",)
    candidates = [
        GateSpec(id=f"{metric}-{limit}", on="rates", metric=metric, compare="to_rest", limit=limit)
        for metric in metrics
        for limit in LIMITS
    ]
    recipe = replace(plan.recipe, gates=tuple(candidates), stats=replace(plan.recipe.stats, family="gate"))
    asked = replace(plan, recipe=recipe)
    vars(asked).update({"loaded": plan.loaded})
    rows = {table.title.split("'")[1]: _may_hold(table) for table in answer(asked).tables}
    return tuple(_strictest([one for one in candidates if one.metric == metric], rows) for metric in metrics)


def _may_hold(table: Table) -> list[bool]:
    """Return for each group whether its rows can show that it keeps the limit, where it does."""
    place = next((i for i, name in enumerate(table.columns) if name.startswith("to hold")), None)
    if place is None:
        return [False for _ in table.rows]
    needed = ((row[1], row[place]) for row in table.rows)
    return [isinstance(n, int) and isinstance(need, int | float) and n >= need for n, need in needed]


def _strictest(gates: list[GateSpec], rows: Mapping[str, list[bool]]) -> Chosen:
    told = [
        Chosen(gate=one, enough=sum(rows.get(one.id, ())), groups=len(rows.get(one.id, ()))) for one in gates
    ]
    fits = (one for one in told if one.groups and one.enough >= HALF * one.groups)
    taken = next(fits, told[-1])
    return replace(taken, gate=replace(taken.gate, id=taken.gate.metric.replace("_", "-")))


def recipe_text(plan: Plan, gates: tuple[Chosen, ...], said: Mapping[str, str], *, folder: Path) -> str:
    """Return the YAML of the recipe in a folder; `said` tells of each role whether it was given or guessed."""
    from auditkit.recipe.write import recipe_document
    from auditkit.running.elsewhere import seen_from

    document = recipe_document(seen_from(folder, plan))
    data = dict(document["data"])
    outcome = plan.loaded.subject.outcome
    if outcome is not None and not outcome.said:
        data["positive"] = outcome.value
        said = {
            **said,
            "positive": "guessed; say favourable: or unfavourable: if it is good or bad for a person",
        }
    lines = [
        f"# {DOCS}.",
        "version: 1",
        _line("name", document["name"], ""),
        "data:",
        *(f"  {_line(key, value, said.get(key, ''))}" for key, value in data.items()),
        *_lacking(data),
        *_groups(document.get("groups", {}), said.get("groups", "")),
        "steps:",
        "- {id: rates, use: rates}",
        "gates:",
    ]
    for one in gates:
        told = {"id": one.gate.id, "on": one.gate.on, "metric": one.gate.metric, "limit": one.gate.limit}
        lines.append(
            f"# {one.enough} of {one.groups} groups have rows enough to show that they keep this limit."
        )
        lines.append(f"- {flow(told)}")
    lines.append("reports: [audit-report.html]")
    return "".join(f"{line}\n" for line in lines)


def _lacking(data: Mapping[str, Any]) -> list[str]:
    """Return the line to fill in where nothing says what a model predicts."""
    if not data.get("target") or {"pred", "score", "model"} & set(data):
        return []
    return ["  # pred: COLUMN  # without predictions a model that is fitted here is audited, not yours"]


def _groups(groups: Mapping[str, Any], comment: str) -> list[str]:
    """Return the lines of the groups; a data set that comes with auditkit has its own."""
    return ["groups:", *(f"  {_line(name, cut, comment)}" for name, cut in groups.items())] if groups else []


def _line(key: str, value: Any, comment: str) -> str:
    told = f"{flow(key)}: {flow(value)}"
    return f"{told}  # {comment}" if comment else told


def flow(value: Any) -> str:
    """Return a value as YAML on one line."""
    import yaml

    from auditkit.recipe.scalars import PlainDumper

    text = yaml.dump(value, Dumper=PlainDumper, default_flow_style=True, sort_keys=False, width=100_000)
    return str(text).removesuffix("\n").removesuffix("\n...").strip()
