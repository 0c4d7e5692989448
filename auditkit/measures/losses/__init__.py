"""Means of real losses and their gaps: permutations, heavy tails, and what a gate needs to decide on them later."""
