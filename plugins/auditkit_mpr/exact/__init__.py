"""Proofs over counts: items with equal attribute rows are one cell, and a list is how many it takes of each."""
