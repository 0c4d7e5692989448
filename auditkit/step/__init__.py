"""What a plugin writes and what it is lent: steps and their context. Only values and specs come in."""
