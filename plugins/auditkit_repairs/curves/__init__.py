"""Cuts of scores: each group's curve, the best cuts within a gap, with chance and without, and the chance itself."""
