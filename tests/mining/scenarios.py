"""Every scenario of mining: what is planted or not, and by which search."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from mining import certified, null, planted, real, tables
from plugins.minoria.slices.made import PLANTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mining.scores import Score

TOLD = {
    "German credit": lambda seed: tables.bundled("german_credit", 700, seed),
    "Adult": lambda seed: tables.bundled("adult", 4000, seed),
    "a table like COMPAS": lambda seed: tables.like_compas(7214, seed),
    "a table like Diabetes-130": lambda seed: tables.like_diabetes(101_766, seed),
    "every column of a table like Diabetes-130": lambda seed: tables.like_diabetes(5000, seed, every=True),
}


@dataclass(frozen=True)
class Scenario:
    """A name, and from seeds to scores; `planted` says whether there is a group to find."""

    name: str
    run: Callable[[Sequence[int]], Iterator[Score]]
    planted: bool = False


def scenarios(brought: Mapping[str, str] = MappingProxyType({})) -> Iterator[Scenario]:
    """Yield all of them: planted, told, null, certified; told also of files that are brought, a path by name."""
    for rule in PLANTED:
        yield Scenario(f"planted {rule}", partial(planted.conjunctions, rule), planted=True)
    yield Scenario("planted cloud", planted.tilted, planted=True)
    for name, table in TOLD.items():
        yield Scenario(f"told {name}", partial(real.told, name, table), planted=True)
    for name, path in brought.items():
        yield Scenario(f"told {name}", partial(_told_of_brought, name, path), planted=True)
    yield Scenario("null cloud", null.clouds)
    for step in ("minoria.slices", "minoria"):
        for losses in null.LOSSES:
            for rows in null.SIZES:
                yield Scenario(f"null {step} {losses} {rows}", partial(_alarms, losses, step, rows))
        yield Scenario(f"null {step} categories", partial(_alarms, "frequent", step, 1500, categories=True))
        yield Scenario(f"null {step} rare categories", partial(_alarms, "rare", step, 1500, categories=True))
    for losses in ("even", "heavy-tailed", "rare", "frequent"):
        for tied in (False, True):
            name = f"null minoria.slices {losses} weights{' tied' if tied else ''}"
            yield Scenario(name, partial(_weighted, losses, tied=tied))
            name = f"null tails {losses} weights{' tied' if tied else ''}"
            yield Scenario(name, partial(null.tails, losses, tied=tied))
    for chances in certified.CHANCES:
        yield Scenario(f"certificate {chances}", partial(certified.broken, chances))


def _told_of_brought(name: str, path: str, seeds: Sequence[int]):
    """Yield what is told of one file; a search says the same of it with every seed, so each has one turn."""
    subject = tables.brought(name, path)
    return real.told(f"{name} as brought", lambda _: subject, seeds[: len(real.SEARCHES)])


def _weighted(losses: str, seeds: Sequence[int], *, tied: bool):
    return null.weighted(losses, "minoria.slices", seeds, tied=tied)


def _alarms(losses: str, step: str, rows: int, seeds: Sequence[int], *, categories: bool = False):
    return null.alarms(losses, step, rows, seeds, categories=categories)
