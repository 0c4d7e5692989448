"""What the share of minority rows does to accuracy: curves, the gain and its test. In: a plan, accuracies as arrays."""
