"""What is searched: queries, similarities, candidates, known lists. Files, items and a reference come in."""
