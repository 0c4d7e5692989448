"""`auditkit.audit`, `mine`, `repair` and `power`: one kind of step on a table in memory, or on a named one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from auditkit.notebook.shown import ShownReport
    from auditkit.notebook.tables import Rows
    from auditkit.plugins.host import Host
    from auditkit.running.plan import Plan
    from auditkit.spec.consent import Leave
    from auditkit.spec.groups import GroupSpec


def audit(
    data: Any, *, steps: str | Sequence[str] = "rates", groups: Any = None, **options: Any
) -> ShownReport:
    """Return how groups fare, each with its interval: the report of `auditkit audit`.

    `data` is a pandas, polars or Arrow table, an array [n, k], columns by name, or what the command line takes.
    `groups` is a list of columns, cut at edges where they are numbers (`"age:0/25/40"`), an array [n], or a mapping
    of these by name. Among the options are the roles of columns (`target`, `pred`, `score`, `weight`, ...), the rules
    (`min_n`, `confidence`, ...) and what the steps take; `auditkit audit --help` lists all, with - for _. `target`,
    `pred` and `score` may be arrays [n], and `pred` a fitted model or a function that predicts. What is named here is
    agreed to; `allow_pickle` and `allow_code` agree to what a model's file holds or names.

    >>> import auditkit
    >>> people = {"sex": list("ffmmfm") * 50, "good": [1, 1, 1, 1, 0, 0] * 50, "hired": [1, 0, 1, 1, 0, 0] * 50}
    >>> report = auditkit.audit(people, target="good", pred="hired", groups="sex", metrics=["tpr"])
    >>> gaps = report.to_frame().query("compare == 'to_rest'")
    >>> print(gaps[["group", "metric", "value"]].to_string(index=False))
    group metric  value
    sex=f    tpr   -0.5
    sex=m    tpr    0.5
    """
    return _ran("audit", data, _given(steps, groups, options))


def mine(
    data: Any, *, steps: str | Sequence[str] = "minoria", groups: Any = None, **options: Any
) -> ShownReport:
    """Return groups nobody named that fare worse, confirmed on rows that the search did not see: `auditkit mine`.

    Takes what `audit` takes.

    >>> import auditkit
    >>> report = auditkit.mine("german_credit", seed=1)
    >>> all(group.step == "minoria" for group in report.groups if group.step)
    True
    """
    return _ran("finder", data, _given(steps, groups, options))


def repair(
    data: Any, *, steps: str | Sequence[str] = "shasam", groups: Any = None, **options: Any
) -> ShownReport:
    """Return a repair with how groups fared before and after it: `auditkit repair`.

    Takes what `audit` takes. Several `steps` are alternatives beside each other; `limit` is what the chosen one must
    keep, such as "equalized_odds <= 0.05". The report's `repaired` is the table that the repair hands back, and `model`
    what it trained.

    >>> import auditkit
    >>> auditkit.repair({"y": [0, 1, 0]}, steps="no_such")
    Traceback (most recent call last):
        ...
    auditkit.errors.UsageError: no plugin provides a repair called 'no_such'...
    """
    return _ran("repair", data, _given(steps, groups, options))


def power(
    data: Any,
    *,
    gap: float = 0.1,
    steps: str | Sequence[str] = (),
    groups: Any = None,
    **options: Any,
) -> pd.DataFrame:
    """Return how many rows each group needs before a gap of this size can be seen: `auditkit power`.

    >>> import auditkit
    >>> table = {"sex": ["f", "m"] * 200, "hired": [1, 1, 0, 0] * 100}
    >>> auditkit.power(table, target="hired", groups="sex").columns[0]
    'group'
    """
    from auditkit.running.power.answer import answer

    return _frame(answer(_plan(None, data, _given(steps, groups, options)), gap=gap).tables)


@dataclass(frozen=True)
class _Given:
    """What a call was given beside its data."""

    steps: tuple[str, ...]
    groups: Any
    options: Mapping[str, Any]


def _given(steps: str | Sequence[str], groups: Any, options: Mapping[str, Any]) -> _Given:
    return _Given((steps,) if isinstance(steps, str) else tuple(steps), groups, options)


def _ran(kind: str, data: Any, given: _Given) -> ShownReport:
    from auditkit.notebook.shown import shown
    from auditkit.running.engine import run

    return shown(run(_plan(kind, data, given)))


def _plan(kind: str | None, data: Any, given: _Given) -> Plan:
    """Return the plan of steps of one kind, or of any, on data in memory or named."""
    from auditkit.notebook.memory import SCHEME
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.options import beside, recipe_of, told_by_options
    from auditkit.running.plan import make_plan
    from auditkit.spec.consent import ONLY_SAID, Consent

    host = load_plugins()
    chosen = [host.step(name, kind=kind) if kind else host.step(name) for name in given.steps]
    host, path, groups, options = _in_memory(data, given, host)
    leave = cast("Leave", {name: bool(options.pop(name)) for name in ONLY_SAID & set(options)})
    told = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
    limit = str(told.pop("limit")) if kind == "repair" and "limit" in told else None
    recipe = beside(
        recipe_of(path, groups, steps=chosen, given=told, word=_word), kind=kind or "", limit=limit
    )
    named = replace(recipe, name=recipe.name.removeprefix(f"{SCHEME}:"))
    read = ",".join(map(str, _texts(given.groups))) if isinstance(data, str | Path) else ""
    found = told_by_options(named, read, consent=Consent(**leave), word=_word)
    return make_plan(found.recipe, found.document, host, folder=Path(), consent=found.consent)


def _in_memory(
    data: Any, given: _Given, host: Host
) -> tuple[Host, str, dict[str, GroupSpec], dict[str, Any]]:
    """Return the host that reads what is in memory, the data's name, the groups, and the options as names."""
    from auditkit.notebook.memory import SCHEME, Memory, as_model
    from auditkit.notebook.tables import grouped, rows_of

    options = {name: value for name, value in given.options.items() if value is not None}
    model = as_model(options.get("pred"))
    if model is not None:
        options = {name: value for name, value in options.items() if name != "pred"} | {
            "model": f"{SCHEME}:model"
        }
    if isinstance(data, str | Path):
        return _named(str(data), given, options, Memory(host.plugins, model=model))
    rows, options = _with_arrays(rows_of(data), options)
    rows, groups, added = grouped(rows, given.groups)
    if added:
        options["sensitive"] = [*_texts(options.get("sensitive")), *added]
    path = f"{SCHEME}:{type(data).__name__}"
    return Memory(host.plugins, table=rows.table, model=model), path, groups, options


def _named(
    data: str, given: _Given, options: dict[str, Any], host: Host
) -> tuple[Host, str, dict[str, GroupSpec], dict[str, Any]]:
    """Return the same for data that the command line would read: arrays cannot stand beside it."""
    from auditkit.recipe.groups import parse_groups

    groups = ",".join(map(str, _texts(given.groups)))
    return host, data, parse_groups(groups), options


def _with_arrays(rows: Rows, options: Mapping[str, Any]) -> tuple[Rows, dict[str, Any]]:
    """Return the rows with the roles that are arrays as columns, and the options with those columns' names."""
    named = dict(options)
    for role in ("target", "pred", "score", "loss", "weight", "cluster", "split", "id", "versus"):
        if role in named and not isinstance(named[role], str):
            rows, named[role] = rows.having(named[role], role)
    return rows, named


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _frame(tables: Sequence[Any]) -> pd.DataFrame:
    """Return the rows of one table as pandas holds them; several one below the other, told apart by their titles."""
    import pandas as pd

    frames = [pd.DataFrame(list(table.rows), columns=list(table.columns)) for table in tables]
    if len(frames) == 1:
        return frames[0]
    return pd.concat(frames, keys=[table.title for table in tables], names=["table"])


def _word(field: str) -> str:
    """Return how a field is written in a call."""
    return {"path": "data", "with": "steps="}.get(field, f"{field}=")
