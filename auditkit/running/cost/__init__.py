"""What a plan is expected to take: steps say what they cost, and this machine how fast it is. Nothing runs here."""
