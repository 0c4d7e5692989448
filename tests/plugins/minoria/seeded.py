"""Made points with a known answer; the same seed gives the same bits on every machine."""

from __future__ import annotations

import numpy as np


def minoria_2d(n, seed=0):
    """A tilted cloud, a tenth of the points in a small cloud at its upper left, all dragged to the right."""
    rng = np.random.default_rng(seed)
    crowd = rng.normal(size=(int(0.9 * n), 2)) @ np.array([[1, 0.3], [0, 0.6]])
    aside = rng.normal(size=(n - len(crowd), 2)) * 0.5 + np.array([-4.0, 2.5])
    points = np.vstack([crowd, aside])
    points[:, 0] += 0.4 * rng.exponential(size=n)
    return points[rng.permutation(n)]


def minoria_md(n, d, seed=0, share=0.05, shift=3.0):
    """Points [n, d], labels flipped inside a shifted minority, who is in it, and where it was shifted."""
    rng = np.random.default_rng(seed)
    towards = rng.normal(size=d)
    towards /= np.linalg.norm(towards)
    points = rng.normal(size=(n, d)) @ np.diag(rng.uniform(0.5, 1.5, size=d))
    minority = (rng.random(n) < share).astype(int)
    points[minority == 1] += shift * towards
    weights = rng.normal(size=d)
    label = ((points @ weights + rng.normal(size=n)) > 0).astype(int)
    label[minority == 1] = 1 - label[minority == 1]
    return points, label, minority, towards


def heavier_minority(n=3000, d=12, seed=0):
    """Standardised points [n, d], losses four times as large in a shifted minority, who is in it, and whither."""
    points, _, minority, towards = minoria_md(n, d, seed)
    loss = np.random.default_rng(seed).exponential(size=n) * np.where(minority == 1, 4.0, 1.0)
    return (points - points.mean(axis=0)) / points.std(axis=0), loss, minority, towards
