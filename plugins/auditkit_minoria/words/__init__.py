"""Rules as text: expressions that find the rows again, and sentences for a reader."""
