"""Searches called as the plugin calls them, with settings by keyword and a generator of the test's own."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pandas as pd

from auditkit import Encoded, EncodedColumn, Subject
from auditkit.testing import make_context
from auditkit_minoria.confirm.judge import judge
from auditkit_minoria.confirm.standard import Standard
from auditkit_minoria.directions.skew import long_side
from auditkit_minoria.features.encoded import Features
from auditkit_minoria.features.levels import levels_of
from auditkit_minoria.features.material import Material
from auditkit_minoria.groups.choose import Choice
from auditkit_minoria.groups.sparse import tail_gap, tail_rows
from auditkit_minoria.searches import every_search
from auditkit_minoria.searches.interface import Ground
from auditkit_minoria.steps import FINDERS

STEPS = {step.name: step for step in FINDERS}


def features_of(points):
    """Points [n, d] with plain column names, as numbers and as levels."""
    columns = tuple(EncodedColumn(f"x{i}", None, 0.0, 1.0) for i in range(points.shape[1]))
    names = [column.source for column in columns]
    levels = levels_of(Subject(table=pd.DataFrame(points, columns=names)), names)
    return Features(Encoded(points, columns, ()), levels)


def material(points, loss, mining):
    """Points [n, d] as a run has them, with plain column names."""
    table = pd.DataFrame(points, columns=[f"x{i}" for i in range(points.shape[1])])
    mining = mining if loss is not None else np.ones(len(points), dtype=bool)
    return Material(
        subject=Subject(table=table), features=features_of(points), loss=loss,
        unit="loss", predictions=None, mining=mining,
    )  # fmt: skip


def proposed(points, loss, *, rng, search="focus", **settings):
    """The rules that a search, by name or as it is, proposes."""
    search = every_search()[search] if isinstance(search, str) else search
    known = {field.name for field in fields(search.Params)}
    params = search.Params(**{key: value for key, value in settings.items() if key in known})
    ground = Ground(
        features=features_of(points), loss=loss,
        choice=Choice.of(params, sparse=not search.exact), rng=rng, context=make_context(),
    )  # fmt: skip
    return search.propose(ground, params)


def mined(points, loss, mining, *, rng, search="focus", **settings):
    """The groups of a search with their verdicts."""
    given = material(points, loss, mining)
    seen = given.seen
    if not seen.any():
        return ()
    rules = proposed(points[seen], None if loss is None else loss[seen], rng=rng, search=search, **settings)
    standard = {key: settings[key] for key in ("tau", "confidence", "min_n") if key in settings}
    return judge(rules, given, Standard(**standard), rng)


def gap_of(projection, skew, loss, *, tail, hardest=1.0):
    """The loss gap of the tail of a projection, on the side to which it is skewed."""
    return tail_gap(loss, tail_rows(projection, long_side(skew), tail=tail), hardest=hardest)


def chosen(points, loss, *, rng, search="focus", **settings):
    """The tails that a search proposes, as arrays."""
    rules = proposed(points, loss, rng=rng, search=search, **settings)
    gaps = [
        np.nan if loss is None else loss[one.members(features_of(points))].mean() - loss.mean()
        for one in rules
    ]
    return SimpleNamespace(
        directions=np.array([one.direction for one in rules]).reshape(len(rules), points.shape[1]),
        skews=np.array([one.skew for one in rules]),
        gaps=np.array(gaps),
    )
