"""What somebody can work out who solves the linear system of everything that a redacted report says.

The unknowns are the rows in each cell of a world. Each count is an equation, those of an interval's basis too; so is
each rate, as q × numerator = p × denominator for the fraction p / q that it is; each gap, difference and ratio, with the
one rate that is known or the two conditions' sizes; and each p-value, where one number of rows alone gives it.
"""

from fractions import Fraction
from itertools import product

import numpy as np
from redact.world import OUTCOMES
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from auditkit.measures import p_value
from auditkit.values.finding import Interval

NEGATIVES, POSITIVES, RIGHT = ("tn", "fp"), ("fn", "tp"), ("tn", "tp")
RATES = {
    "selection_rate": (("fp", "tp"), OUTCOMES),
    "base_rate": (POSITIVES, OUTCOMES),
    "accuracy": (RIGHT, OUTCOMES),
    "tpr": (("tp",), POSITIVES),
    "fnr": (("fn",), POSITIVES),
    "fpr": (("fp",), NEGATIVES),
    "tnr": (("tn",), NEGATIVES),
    "precision": (("tp",), ("fp", "tp")),
    "fdr": (("fp",), ("fp", "tp")),
    "npv": (("tn",), ("tn", "fn")),
    "for": (("fn",), ("tn", "fn")),
    "f1": (("tp",), ("fn", "fp", "tp")),
}
SAME = {"demographic_parity": "selection_rate", "equal_opportunity": "tpr"}
RECALLS = (("tn",), NEGATIVES, ("tp",), POSITIVES)
"""What the numbers of the bases of `recalls` count."""
BETWEEN = {"difference", "ratio"}


def fraction(value, most):
    """Return the fraction that a printed number is, or None for one that is none."""
    found = Fraction(value).limit_denominator(most)
    return found if abs(float(found) - value) < 1e-9 else None


class System:
    """What a document says: of sums over the cells [cells] their least and their most."""

    def __init__(self, world):
        self.world = world
        self.found = []
        self.rates, self.sizes, self.masks = {}, {}, {}

    def count(self, mask, n):
        self.found.append((mask, float(n), float(n)))

    def cells(self, side, outcomes):
        """Return the cells of a side, which is ("mask" or "rest", group)."""
        key = (*side, outcomes)
        if key not in self.masks:
            of, group = side
            self.masks[key] = getattr(self.world, of)(group, outcomes)
        return self.masks[key]

    def size(self, side, outcomes, n):
        self.sizes[side, frozenset(outcomes)] = n
        self.count(self.cells(side, outcomes), n)

    def rate(self, side, metric, value):
        """Add the equation of a rate of a side."""
        if metric not in RATES:
            return
        share = fraction(value / (2 - value) if metric == "f1" else value, self.world.rows)
        if share is not None:
            self.rates[side, metric] = value
            hits, condition = (self.cells(side, outcomes) for outcomes in RATES[metric])
            self.count(share.denominator * hits - share.numerator * condition, 0)

    def basis(self, sides, metric, interval):
        """Add the counts that an interval's basis holds, of each side in turn."""
        if interval is None or interval["method"].removesuffix("_gap") not in {"rate", "f1", "recalls"}:
            return
        counted = RECALLS if metric == "balanced_accuracy" else RATES[metric]
        for (side, outcomes), n in zip(product(sides, counted), interval["basis"], strict=True):
            self.size(side, outcomes, n)

    def apart(self, high, low, metric, value, *, ratio=False):
        """Add that the rate of `high` less that of `low` is the value; as a ratio, that of `low` over that of `high`."""
        one, other = (self.rates.get((side, metric)) for side in (high, low))
        if one is not None and other is None:
            self.rate(low, metric, value * one if ratio else one - value)
        elif other is not None and one is None:
            if not ratio or value:
                self.rate(high, metric, other / value if ratio else other + value)
        elif one is None and metric in RATES and metric != "f1":
            self._of_known_sizes(high, low, metric, value, ratio=ratio)

    def _of_known_sizes(self, high, low, metric, value, *, ratio):
        hits, condition = RATES[metric]
        n, m = (self.sizes.get((side, frozenset(condition))) for side in (high, low))
        if not n or not m:
            return
        above, below = m * self.cells(high, hits), n * self.cells(low, hits)
        if ratio:
            self.count(below - value * above, 0)
        else:
            self.count(above - below, round(value * n * m))

    def p(self, comparison, rule, metric, sides):
        """Add the counts of the last side where they alone, as a multiple of its rate, give the p-value."""
        side, known = sides[-1], sides[:-1]
        own = [self.rates.get((one, metric)) for one in sides]
        n = [self.sizes.get((one, frozenset(RATES[metric][1]))) for one in known]
        share = None if own[-1] is None else fraction(own[-1], self.world.rows)
        if share is None or None in n or metric == "f1" or None in own:
            return
        start = [number for rate, rows in zip(own, n, strict=False) for number in (round(rate * rows), rows)]
        fits = []
        for times in range(1, self.world.rows // share.denominator + 1):
            basis = (*start, times * share.numerator, times * share.denominator)
            found = p_of(comparison["value"], basis, rule, gap=bool(known))
            if abs(found - comparison["p"]) < 1e-12:
                fits.append(times)
        if len(fits) == 1:
            self.size(side, RATES[metric][0], fits[0] * share.numerator)
            self.size(side, RATES[metric][1], fits[0] * share.denominator)


def p_of(value, basis, rule, *, gap):
    """Return the p-value of a comparison with these counts under a rule of (side, threshold) claims."""
    interval = Interval(0.0, 1.0, 0.95, "rate_gap" if gap else "rate", tuple(map(float, basis)))
    return min(1.0, len(rule) * min(p_value(value, interval, threshold, side) for side, threshold in rule))


def rule_of(gate):
    """Return the (side, threshold) claims of which a gate's p-values are; none where they are of the opposite."""
    bound, sign, threshold = ("", "", gate["limit"]) if gate["limit"] is not None else gate["rule"].split()
    if bound and (bound, sign[0]) not in {("lower_bound", ">"), ("upper_bound", "<")}:
        return []
    at = {"above": float(threshold), "below": float(threshold) * (1 if gate["compare"] == "absolute" else -1)}
    return [(side, at[side]) for side in at if gate["harm"] in {side, "either"}]


def sides_of(world, one, document):
    """Return the sides that a number about a group is about: its own, and that of those it is compared with, if known."""
    own, group = ("mask", one["group"]), one["group"]
    match one["compare"]:
        case "to_rest":
            return (own, ("rest", group))
        case "to_best" if "best" in one["details"]:
            return (own, ("mask", one["details"]["best"]))
        case "to_reference":
            asked = document["recipe"]["groups"]
            pairs = [(a, asked[a].get("reference")) for a, _ in world.group(group)]
            return (own, ("mask", " & ".join(f"{a}={label}" for a, label in pairs)))
        case "absolute":
            return (own,)
    return ()


def equations(world, document):
    """Return (coefficients, least, most) of everything that the document says."""
    system, subject = System(world), document["subject"]
    everybody = ("mask", "")
    sizes = {
        ("mask", f"{name}={label}"): n for name, cut in subject["groups"].items() for label, n in cut.items()
    }
    sizes |= {everybody: subject["rows"]} | {
        ("mask", entry["name"]): entry["n"] or "hidden" for entry in document["groups"]
    }
    for side, n in sizes.items():
        if isinstance(n, int):
            system.size(side, OUTCOMES, n)
    numbers = [one for one in document["findings"] if one["compare"] not in BETWEEN]
    for one in sorted(numbers, key=lambda one: one["compare"] != "absolute"):
        _number(system, one, sides_of(world, one, document))
    for one in document["findings"]:
        if one["compare"] in BETWEEN:
            _between(system, one)
    for gate in document["gates"]:
        _gate(system, gate, document)
    return system.found


def _number(system, one, sides):
    """Add what a number about a group says."""
    metric, value, details = one["metric"], one["value"], one["details"]
    own = ("mask", one["group"])
    if one["n"]:
        system.size(own, OUTCOMES, one["n"])
    if metric in RATES and "condition_rows" in details:
        system.size(own, RATES[metric][1], details["condition_rows"])
    if value is None or not sides:
        return
    system.basis(sides, metric, one["interval"])
    if len(sides) == 1:
        system.rate(sides[0], metric, value)
    else:
        system.apart(*sides, metric, value)


def _between(system, one):
    """Add what a difference or a ratio says, and the rows of the groups that are too small to be in it."""
    if one["metric"] == "equalized_odds_mean":
        return
    metric = one["details"].get("furthest_apart") or SAME.get(one["metric"], one["metric"])
    for group, n in one["left_out"].items() if one["metric"] in {*RATES, *SAME} else ():
        system.size(("mask", group), RATES[metric][1], n)
    if one["value"] is not None:
        high, low = (("mask", one["details"][key]) for key in ("highest", "lowest"))
        system.apart(high, low, metric, one["value"], ratio=one["compare"] == "ratio")


def _gate(system, gate, document):
    """Add what a gate's comparisons say: their values, rows and p-values."""
    rule, read = rule_of(gate), {key: gate[key] for key in ("metric", "compare")}
    told = {f["group"]: f["details"] for f in document["findings"] if read.items() <= f.items()}
    for comparison in gate["comparisons"]:
        one = comparison | read | {"details": told.get(comparison["group"], {}), "interval": None}
        known = comparison["group"] in system.world.named or all(
            a in system.world.attributes for a, _ in _pairs(comparison["group"])
        )
        if not known or gate["compare"] in BETWEEN:
            continue
        sides = sides_of(system.world, one, document)
        _number(system, one, sides)
        exact = gate["compare"] != "to_best" and gate["metric"] in RATES
        if rule and sides and comparison["p"] is not None and exact:
            system.p(comparison, rule, gate["metric"], sides)


def _pairs(name):
    return [tuple(part.partition("=")[::2]) for part in name.split(" & ")] if name else []


def held(system):
    """Return the constraints that the cells of every world satisfy of which the document is true."""
    matrix = csr_matrix(np.array([row for row, _, _ in system]))
    least, most = (np.array([row[i] for row in system]) for i in (1, 2))
    return LinearConstraint(matrix, least - 1e-6, most + 1e-6)


def ranges(system, goals):
    """Return (least, most) of each goal [cells] over all worlds, of whole rows, of which the document is true."""
    told = held(system)
    return [(least(told, goal), -least(told, -goal)) for goal in goals]


def least(told, goal, *constraints, seconds=60.0):
    """Return the least of a sum of cells over all worlds, None where there is no world; LateError if that takes too long."""
    done = milp(
        goal, constraints=(told, *constraints), bounds=Bounds(0, np.inf), integrality=np.ones(len(goal)),
        options={"time_limit": seconds},
    )  # fmt: skip
    if done.status == 1:
        raise LateError
    return {0: done.fun, 2: None, 3: -np.inf}[done.status]


def some_world(told, goal, low, high):
    """Return whether there is a world in which the goal's cells have between `low` and `high` rows."""
    return least(told, np.zeros(len(goal)), LinearConstraint(goal, low, high)) is not None


class LateError(Exception):
    """The solver knows no answer in time."""
