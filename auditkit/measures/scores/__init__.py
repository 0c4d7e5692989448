"""What a score is worth: how it ranks, and whether it says what happens; classes, scores and weights come in."""
