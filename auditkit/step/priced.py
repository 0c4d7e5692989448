"""The price of an amount of work, by the name of the step that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.step.cost import Cost
from auditkit.step.prices import PRICES

if TYPE_CHECKING:
    from collections.abc import Mapping


def priced(
    work: str, amounts: Mapping[str, float], *, item_seconds: float = 0.0, predicts: bool = False
) -> Cost:
    """Return what these amounts of a kind of work cost, its start included; KeyError for a kind that has no price."""
    prices = PRICES[work]
    terms = {"start": 1.0, **amounts}
    if unknown := set(terms) - set(prices):
        message = f"{work} has no price for {', '.join(sorted(unknown))}"
        raise KeyError(message)
    return Cost(
        seconds=sum(prices[term][0] * amount for term, amount in terms.items()),
        bytes=sum(prices[term][1] * amount for term, amount in terms.items()),
        item_seconds=item_seconds,
        predicts=predicts,
    )
