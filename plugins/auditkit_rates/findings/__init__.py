"""Findings about groups, attributes, scores and errors, made from counts."""
