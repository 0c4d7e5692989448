"""What the columns mean: which outcome is counted and in whose favour, decisions without labels, scores and of what."""
