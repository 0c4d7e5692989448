"""What is searched and judged: columns or embeddings as numbers, each row's loss, and which rows are mined."""
