"""The metrics that `rates` reports, as data."""
