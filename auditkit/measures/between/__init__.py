"""Many groups or comparisons at once: disparities, corrections, power; rates and intervals come in."""
