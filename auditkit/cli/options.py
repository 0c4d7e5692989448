"""Turns declared fields into real command-line options.

A command's signature is made from the same dataclasses that recipes are checked against: DataSpec, Stats and
the Params of the steps named by --with. So --help, recipes and the JSON Schema cannot drift apart.
"""

from __future__ import annotations

import inspect
from dataclasses import MISSING
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_origin

import typer

from auditkit.errors import UsageError
from auditkit.spec.data import DataSpec
from auditkit.spec.declared import Parameter, bare_type, parameters
from auditkit.spec.stats import Stats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.step.step import Step

OF = "__of__"
"""What stands between a step and its parameter in the name of an option's Python parameter."""
POSITIONAL = frozenset({"path"})
SHADOWED = frozenset({"loss", "model", "versus"})
"""Fields of the data that a step may call its own: there --loss and --model are what it trains, not what it reads, and
--versus is what a repair is compared with."""


def with_declared_options(
    command: Callable[..., Any], steps: Sequence[type[Step[Any]]]
) -> Callable[..., Any]:
    """Return the command with one option more for every field of DataSpec, Stats and the steps' Params.

    Beside other steps, each of its parameters is also an option of its own, as `--shasam.epochs`. The command must take
    `**given`, and receives there only the options that were set; those of one step as `shasam.epochs`.
    """
    own = [
        p for p in inspect.signature(command, eval_str=True).parameters.values() if p.kind != p.VAR_KEYWORD
    ]
    taken = {p.name for p in own}
    declared = [p for kind in (DataSpec, Stats) for p in parameters(kind) if p.name not in POSITIONAL]
    options: dict[str, inspect.Parameter] = {}
    for step in steps:
        for parameter in parameters(step.Params):
            own_word = parameter.name in SHADOWED or all(parameter.name != p.name for p in declared)
            if parameter.name in taken or not own_word:
                message = f"{step.name} declares '{parameter.name}', which is an option of auditkit itself"
                raise UsageError(message)
            options[parameter.name] = _option(parameter, f"{step.name}: ")
    of_one = _of_one_step(steps)
    options |= {name: option for name, (_, option) in of_one.items()}
    options |= {p.name: _option(p, "") for p in declared if p.name not in taken | set(options)}
    names = list(options)

    def run(**values: Any) -> Any:
        given = {of_one.get(name, (name,))[0]: values.pop(name) for name in names if name in values}
        told = {
            name: ",".join(value) if isinstance(value, list) else value
            for name, value in given.items()
            if value is not None and value != []
        }
        return command(**values, **told)

    signature = inspect.Signature([*own, *options.values()])
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    run.__doc__, run.__name__ = command.__doc__, command.__name__
    return run


def _of_one_step(steps: Sequence[type[Step[Any]]]) -> dict[str, tuple[str, inspect.Parameter]]:
    """Return, where there are several steps, an option of each parameter that names its step; help leaves them out.

    Each stands at the name of its Python parameter, with the name by which it is given, `shasam.epochs`.
    """
    if len(steps) < 2:
        return {}
    made = [
        (f"{step.name}.{p.name}", _option(p, f"{step.name}: ", of=step.name))
        for step in steps
        for p in parameters(step.Params)
    ]
    return {option.name: (dotted, option) for dotted, option in made}


def _option(parameter: Parameter, prefix: str, *, of: str = "") -> inspect.Parameter:
    kind = bare_type(parameter.type)
    default = _shown(parameter.default)
    word = parameter.name.replace("_", "-")
    flag = f"--{of}.{word}" if of else f"--{word}"
    no = f"--{of}.no-{word}" if of else f"--no-{word}"
    names = (f"{flag}/{no}",) if kind is bool else (flag,)
    text = f"{prefix}{parameter.help}{_range(parameter)}{f' [default: {default}]' if default else ''}"
    info = typer.Option(*names, help=text, show_default=False, hidden=bool(of))
    simple = kind in {int, float, bool, str} or get_origin(kind) is Literal
    many = get_origin(kind) is tuple  # written with commas, and given more than once: joined
    shape: Any = (list[str] if many else kind if simple else str) | None
    annotation = Annotated[shape, info]
    spelt = "".join(mark if mark.isalnum() else f"_{ord(mark):x}_" for mark in of)  # a name of Python's
    name = f"{spelt}{OF}{parameter.name}" if of else parameter.name
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _shown(default: Any) -> str:
    match default:
        case None | ():
            return ""
        case _ if default is MISSING:
            return ""
        case tuple():
            return ",".join(map(str, default))
        case bool():
            return "yes" if default else "no"
        case _:
            return str(default)


def _range(parameter: Parameter) -> str:
    """Return the declared bounds in words, such as ` (> 0, < 0.5)`."""
    words = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
    limits = [(words[name], getattr(bound, name, None)) for bound in parameter.bounds for name in words]
    parts = [f"{sign} {limit}" for sign, limit in limits if limit is not None]
    return f" ({', '.join(parts)})" if parts else ""
