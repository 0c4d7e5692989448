"""Conjunctions of plain conditions: all of them counted, the best found, the one nearest to a group."""
