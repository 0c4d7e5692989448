"""What a repair changed on held-out rows: measured before and after, paired, and said where it is shown."""
