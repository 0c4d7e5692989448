"""A finding's bounds at any level, and the p-values that they turn into."""
