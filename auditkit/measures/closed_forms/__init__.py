"""Intervals in closed form, over whole arrays: what bounds at other levels are worked out from."""
