"""What is searched and judged: columns or embeddings as numbers, losses, mined rows, and what a search needs."""
