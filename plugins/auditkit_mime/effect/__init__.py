"""What the share of minority rows does to accuracy: curves, the gain and its test. In: accuracies as arrays."""
