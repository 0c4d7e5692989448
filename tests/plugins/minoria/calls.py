"""Searches called as the plugin calls them, with settings by keyword."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

import numpy as np

from auditkit_minoria.groups.choose import Choice, choose
from auditkit_minoria.params import MinoriaParams
from auditkit_minoria.run.mine import mine
from auditkit_minoria.searches.by_name import EXACT, search_of


def divided(search, settings):
    """The search and the choice that these settings amount to, and the settings that are left."""
    names = {field.name for field in fields(Choice)}
    own = {field.name for field in fields(MinoriaParams)} - names
    choice = Choice(sparse=search not in EXACT, **{k: v for k, v in settings.items() if k in names})
    params = MinoriaParams(**{k: v for k, v in settings.items() if k in own})
    return search_of(search, params), choice, {k: v for k, v in settings.items() if k not in names | own}


def mined(points, loss, mining, *, rng, search="focus", **settings):
    """What `mine` finds."""
    proposing, choice, rest = divided(search, settings)
    return mine(points, loss, mining, rng=rng, search=proposing, choice=choice, **rest)


def chosen(points, loss, *, rng, search="focus", **settings):
    """What `choose` makes of a search's candidates, as arrays."""
    proposing, choice, _ = divided(search, settings)
    found = choose(points, loss, proposing(points, loss, rng), choice=choice)
    return SimpleNamespace(
        directions=np.array([one.direction for one in found]).reshape(len(found), points.shape[1]),
        skews=np.array([one.skew for one in found]),
        gaps=np.array([one.gap for one in found]),
    )
