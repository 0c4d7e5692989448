"""What there is to find out: the rows in each cell of the full cross of what a table's rows are told apart by."""

from itertools import product

import numpy as np

OUTCOMES = ("tn", "fp", "fn", "tp")
MISSING = None


class World:
    """The cells, and which of them each group of a report holds.

    `attributes` are labels by name; `named` holds, by the name of a group with a rule of its own, the values of
    "z" that its rule lets in, a column that no attribute is made of.
    """

    def __init__(self, attributes, rows, named=None):
        self.attributes = list(attributes)
        self.named = named or {}
        self.rows = rows
        levels = sorted({value for inside in self.named.values() for value in inside} | {-1})
        self.cells = list(product(*((*labels, MISSING) for labels in attributes.values()), levels, OUTCOMES))

    def among(self, chosen):
        """Return 0/1 [cells] of the cells that a predicate on (labels by attribute, z, outcome) accepts."""
        found = [
            chosen(dict(zip(self.attributes, cell[:-2], strict=True)), cell[-2], cell[-1])
            for cell in self.cells
        ]
        return np.array(found, dtype=float)

    def group(self, name):
        """Return (attribute, label) pairs of a group such as `sex=F & race=X`."""
        return [tuple(part.split("=", 1)) for part in name.split(" & ")] if name else []

    def mask(self, name, outcomes=OUTCOMES):
        """Return 0/1 [cells] of a group's rows of some outcomes."""
        if name in self.named:
            return self.among(lambda _, z, o: o in outcomes and z in self.named[name])
        wanted = self.group(name)
        return self.among(lambda labels, _, o: o in outcomes and all(labels[a] == v for a, v in wanted))

    def rest(self, name, outcomes=OUTCOMES):
        """Return the cells of all groups of the same attributes but this one; of all rows outside a named group."""
        names = [] if name in self.named else [a for a, _ in self.group(name)]
        there = self.among(
            lambda labels, _, o: o in outcomes and all(labels[a] is not MISSING for a in names)
        )
        return there - self.mask(name, outcomes)

    def truth(self, table):
        """Return the rows in each cell, float64 [cells], of a table with bool y and p, and with z where rules read it."""
        place = {cell: i for i, cell in enumerate(self.cells)}
        levels = {cell[-2] for cell in self.cells}
        z = table["z"] if self.named else np.full(len(table), -1)
        found = np.zeros(len(self.cells))
        for labels, level, outcome in zip(
            table[self.attributes].itertuples(index=False), z, outcomes_of(table), strict=True
        ):
            known = (label if isinstance(label, str) else MISSING for label in labels)
            found[place[(*known, level if level in levels else -1, outcome)]] += 1
        return found


def outcomes_of(table):
    """Return each row's outcome, of a table with bool y and p."""
    return np.select([table.y & table.p, table.y & ~table.p, ~table.y & table.p], ["tp", "fn", "fp"], "tn")
