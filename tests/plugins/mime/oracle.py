"""Slow and obvious twins of the formulas, as the supplement's text and snippets have them."""

import itertools
import math

import numpy as np
from scipy import integrate, optimize, stats


def histogram_intersection(h1, h2):
    total = 0.0
    for a, b in zip(h1, h2, strict=True):
        total += min(a, b)
    return total


def chi_square(values, bins):
    mean, sd = np.mean(values), np.std(values)
    edges = [-math.inf] + [stats.norm.ppf(i / bins, mean, sd) for i in range(1, bins)] + [math.inf]
    observed = [sum(low < v <= high for v in values) for low, high in itertools.pairwise(edges)]
    found = stats.chisquare(observed, [len(values) / bins] * bins)
    return found.statistic, stats.chi2.ppf(0.95, bins - 3), stats.chi2.sf(found.statistic, bins - 3)


def ideal_hyperplane(h1, h2, z, *, low=-5.0, high=5.0):
    f1, f2 = np.poly1d(np.polyfit(z, h1, 5)), np.poly1d(np.polyfit(z, h2, 5))
    places = np.linspace(low, high, 5000)
    return places[np.argmin(np.abs(f1(places) - f2(places)))]


def crossing(m1, s1, m2, s2):
    def off(x):
        return stats.norm.logpdf(x, m1, s1) - stats.norm.logpdf(x, m2, s2)

    return optimize.brentq(off, m1, m2)


def mass(m, s, low, high):
    return integrate.quad(stats.norm(m, s).pdf, low, high)[0]


def zeta(accuracy):
    trials = [[a - sum(row) / len(row) for a in row] for row in accuracy]
    return [float(np.std(column)) for column in zip(*trials, strict=True)]


def hard_mining_loss(scores, truth, *, keep):
    """Mean -log softmax of the true class over the `keep` least confident rows of each class, as the text says."""
    confidence = {}
    for row, label in zip(scores, truth, strict=True):
        share = math.exp(row[label]) / sum(math.exp(value) for value in row)
        confidence.setdefault(int(label), []).append(share)
    kept = [share for shares in confidence.values() for share in sorted(shares)[:keep]]
    return -sum(math.log(share) for share in kept) / len(kept)
