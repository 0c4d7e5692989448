"""Rows cut into groups and counted, and what a metric is taken over."""
