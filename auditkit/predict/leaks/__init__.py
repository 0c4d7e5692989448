"""Whether features say the outcome: what is tried of each alone, and what is said of it."""
