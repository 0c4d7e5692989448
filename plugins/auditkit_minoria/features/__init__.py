"""What is searched and judged: columns or embeddings as numbers, losses, mined rows, what a search must be given."""
