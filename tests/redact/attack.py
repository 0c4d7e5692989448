"""What somebody can work out who solves the linear system of everything that a redacted report says.

The unknowns are the rows in each cell of the full cross of the attributes (and of who lacks one) with the truth and the
prediction. Each count is an equation; so is each rate, as q × numerator = p × denominator for the fraction p / q that it
is, and each gap, with the rate of the group that it is to.
"""

from fractions import Fraction
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

OUTCOMES = ("tn", "fp", "fn", "tp")
RATES = {
    "selection_rate": (("fp", "tp"), OUTCOMES),
    "base_rate": (("fn", "tp"), OUTCOMES),
    "accuracy": (("tn", "tp"), OUTCOMES),
    "tpr": (("tp",), ("fn", "tp")),
    "fpr": (("fp",), ("tn", "fp")),
    "precision": (("tp",), ("fp", "tp")),
    "f1": (("tp",), ("fn", "fp", "tp")),
}
MISSING = None


class World:
    """The cells, and which of them each group of a report holds."""

    def __init__(self, attributes, rows):
        self.attributes = attributes
        self.rows = rows
        self.cells = list(product(*[(*labels, MISSING) for labels in attributes.values()], OUTCOMES))

    def among(self, chosen):
        """Return 0/1 [cells] of the cells that a predicate on (labels by attribute, outcome) accepts."""
        names = list(self.attributes)
        return np.array(
            [chosen(dict(zip(names, cell[:-1], strict=True)), cell[-1]) for cell in self.cells], dtype=float
        )

    def group(self, name):
        """Return (attribute, label) pairs of a group such as `sex=F & race=X`."""
        return [tuple(part.split("=", 1)) for part in name.split(" & ")] if name else []

    def mask(self, name, outcomes=OUTCOMES):
        wanted = self.group(name)
        return self.among(lambda labels, o: o in outcomes and all(labels[a] == v for a, v in wanted))

    def rest(self, name, outcomes=OUTCOMES):
        """Return the cells of all groups of the same attributes but this one."""
        names = [a for a, _ in self.group(name)]
        there = self.among(lambda labels, o: o in outcomes and all(labels[a] is not MISSING for a in names))
        return there - self.mask(name, outcomes)


def fraction(value, most):
    """Return the fraction that a printed number is, or None for one that is none."""
    found = Fraction(value).limit_denominator(most)
    return found if abs(float(found) - value) < 1e-9 else None


class System:
    """Equations [e] over the cells: what a document says."""

    def __init__(self, world):
        self.world = world
        self.found = []

    def count(self, mask, n):
        self.found.append((mask, float(n)))

    def rate(self, value, metric, mask):
        """Add the equation of a rate over the cells that `mask` gives for a set of outcomes."""
        share = fraction(value / (2 - value) if metric == "f1" else value, self.world.rows)
        if share is not None:
            hits, condition = (mask(outcomes) for outcomes in RATES[metric])
            self.count(share.denominator * hits - share.numerator * condition, 0)

    def number(self, one, own):
        """Add what a number about a group says, with the group's own rate `own`, if that is known."""
        world, group, metric, value = self.world, one["group"], one["metric"], one["value"]
        if one["n"]:
            self.count(world.mask(group), one["n"])
        if metric not in RATES:
            return
        if "condition_rows" in one["details"]:
            self.count(world.mask(group, RATES[metric][1]), one["details"]["condition_rows"])
        if value is not None and one["compare"] == "absolute":
            self.rate(value, metric, lambda outcomes: world.mask(group, outcomes))
        if value is not None and own is not None:
            self.gap(one, own - value)

    def gap(self, one, other):
        """Add what a gap says of the rate of those that the group is compared with."""
        world, group, metric = self.world, one["group"], one["metric"]
        if one["compare"] == "to_rest":
            self.rate(other, metric, lambda outcomes: world.rest(group, outcomes))
            if one["interval"] and one["interval"]["method"] == "rate_gap":
                hits, rows = one["interval"]["basis"][2:4]
                self.count(world.rest(group, RATES[metric][0]), hits)
                self.count(world.rest(group, RATES[metric][1]), rows)
        if one["compare"] == "to_best" and "best" in one["details"]:
            self.rate(other, metric, lambda outcomes: world.mask(one["details"]["best"], outcomes))


def equations(world, document):
    """Return (coefficients, right side) of everything that the document says."""
    system, subject = System(world), document["subject"]
    sizes = {f"{name}={label}": n for name, cut in subject["groups"].items() for label, n in cut.items()}
    sizes |= {"": subject["rows"]} | {entry["name"]: entry["n"] or "hidden" for entry in document["groups"]}
    for name, n in sizes.items():
        if isinstance(n, int):
            system.count(world.mask(name), n)
    numbers = [one for one in document["findings"] if one["compare"] not in {"difference", "ratio"}]
    own = {(one["metric"], one["group"]): one["value"] for one in numbers if one["compare"] == "absolute"}
    for gate in document["gates"]:
        read = {"metric": gate["metric"], "compare": gate["compare"], "details": {}, "interval": None}
        numbers += [one | read for one in gate["comparisons"] if "=" in one["group"]]
    for one in numbers:
        system.number(one, own.get((one["metric"], one["group"])))
    return system.found


def ranges(system, goals, *, whole=True):
    """Return (least, most) of each goal [cells] over all worlds, of whole rows, in which the equations hold."""
    matrix = csr_matrix(np.array([row for row, _ in system]))
    sides = np.array([side for _, side in system])
    held = LinearConstraint(matrix, sides - 1e-6, sides + 1e-6)
    found = []
    for goal in goals:
        ends = []
        for sign in (1.0, -1.0):
            done = milp(
                sign * goal, constraints=held, bounds=Bounds(0, np.inf),
                integrality=np.full(len(goal), int(whole)), options={"time_limit": 10.0},
            )  # fmt: skip
            ends.append(np.inf * -sign if done.x is None else sign * done.fun)
        found.append((ends[0], ends[1]))
    return found
