"""The slow and obvious twins: what the formulas say, written down once more without any shortcut."""

from __future__ import annotations

from itertools import combinations

import numpy as np


def tilde(n, m, chosen, weights=None):
    shares = np.full(m, 1 / m) if weights is None else weights / weights.sum()
    wanted = np.zeros(n)
    wanted[chosen] = 1 / len(chosen)
    return np.concatenate([wanted, -shares])


def mpr_by_svd(items, reference, chosen):
    """Prop. 4 with the singular value decomposition of all n + m rows."""
    stacked = np.concatenate([items, reference]).astype(float)
    left, values, _ = np.linalg.svd(stacked, full_matrices=False)
    left = left[:, values > values[0] * 1e-10]
    m, k = len(reference), len(chosen)
    return np.sqrt(m * k / (m + k)) * np.linalg.norm(left.T @ tilde(len(items), m, chosen))


def mpr_by_least_squares(items, reference, chosen):
    """Prop. 3: fit, normalise so that the squares sum to mk / (m + k), take the gap of the means."""
    stacked = np.concatenate([items, reference]).astype(float)
    m, k = len(reference), len(chosen)
    coefficients = np.linalg.lstsq(stacked, tilde(len(items), m, chosen), rcond=None)[0]
    values = stacked @ coefficients
    if np.linalg.norm(values) == 0:
        return 0.0
    values *= np.sqrt(m * k / (m + k)) / np.linalg.norm(values)
    return abs(values[: len(items)][chosen].mean() - values[len(items) :].mean())


def best_set(items, reference, similarities, k, rho):
    """Try every set of k items: the most similar one with MPR at most rho, or None, and the least MPR of all."""
    best, least = None, np.inf
    for chosen in combinations(range(len(items)), k):
        value = mpr_by_svd(items, reference, list(chosen))
        least = min(least, value)
        if value <= rho and (
            best is None or similarities[list(chosen)].sum() > similarities[list(best)].sum()
        ):
            best = chosen
    return best, least


def greedy_mmr(similarities, embeddings, k, trade):
    """Maximal marginal relevance with two plain loops."""
    chosen = []
    for _ in range(k):
        best, best_score = None, -np.inf
        for i in range(len(similarities)):
            if i in chosen:
                continue
            nearest = max((float(embeddings[i] @ embeddings[j]) for j in chosen), default=0.0)
            score = trade * similarities[i] - (1 - trade) * nearest
            if score > best_score + 1e-12:
                best, best_score = i, score
        chosen.append(best)
    return chosen
