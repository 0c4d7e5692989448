"""What is done with a run that was kept: its gates decided again, its evidence verified."""
