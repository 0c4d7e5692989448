"""What a step hands back, held to its contract: names, numbers, and rows by their identity."""
