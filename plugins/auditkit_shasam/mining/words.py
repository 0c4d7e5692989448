"""How the words of options say that each set is chosen: `fl`, `logdet`, `random` and `semihard:8`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

from auditkit import UsageError, nearest
from auditkit_shasam.choices import one_of
from auditkit_shasam.mining.settings import Mining

if TYPE_CHECKING:
    from auditkit_shasam.mining.settings import NegativeWay, Way
    from auditkit_shasam.params import ShasamParams

How: TypeAlias = Literal["shasam", "random"]
"""Hard rows of the right cells, or random ones of the same cells."""
Selected: TypeAlias = Literal["facility_location", "log_determinant"]
ByWord: TypeAlias = Literal["random", "fl", "logdet"]
WAYS: dict[str, Way] = {"random": "random", "fl": "facility_location", "logdet": "log_determinant"}
SEMIHARD = re.compile(r"semihard(?::([1-9][0-9]{0,3}))?")
TIMES = 8
"""Rows that `semihard` alone draws, in multiples of k."""


def mining_of(words: ShasamParams) -> Mining:
    """Return the mining that the words mean; raise UsageError for a word that there is not.

    `mining` "random" is random for all three sets; "shasam" is logdet for the anchors and `selection` for the others.
    """
    one_of("mining", words.mining, allowed=get_args(How))
    one_of("selection", words.selection, allowed=get_args(Selected))
    random = words.mining == "random"
    anchors: Way = "random" if random else "log_determinant"
    others: Way = "random" if random else words.selection
    negatives, times = _negatives(words.mine_negatives, otherwise=others)
    return Mining(
        k=words.k,
        anchors=_way("anchors", words.anchors, otherwise=anchors),
        positives=_way("mine_positives", words.mine_positives, otherwise=others),
        negatives=negatives,
        semihard=times,
    )


def _way(what: str, word: str | None, *, otherwise: Way) -> Way:
    if word is None:
        return otherwise
    one_of(what, word, allowed=WAYS)
    return WAYS[word]


def _negatives(word: str | None, *, otherwise: Way) -> tuple[NegativeWay, int]:
    """Return how negatives are chosen, and how many times k rows a semi-hard choice draws."""
    if word is None or word in WAYS:
        return cast("NegativeWay", otherwise if word is None else WAYS[word]), TIMES
    semihard = SEMIHARD.fullmatch(word)
    if semihard is None:
        known = (*WAYS, f"semihard:{TIMES}")
        message = f"mine_negatives cannot be '{word}'{nearest(word, known)}; it is one of {', '.join(known)}"
        raise UsageError(message)
    return "semihard", int(semihard[1] or TIMES)
