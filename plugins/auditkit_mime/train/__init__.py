"""Models of every trial and share, and what they say about their test rows. In: a design; no finding goes out."""
